//! Checks answers against `openapi.yaml`.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::{Registry, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use super::Answer;

/// Text of the committed document.
pub(crate) const TEXT: &str = include_str!("../../../openapi.yaml");

const ADDRESS: &str = "urn:tintero:openapi";

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| yaml_serde::from_str(TEXT).expect("openapi.yaml is YAML"));

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"]
        .as_object()
        .expect("the document has paths");
    let of_path = |(path, item): (&String, &Value)| -> Vec<Operation> {
        let methods = item.as_object().expect("a path has operations");
        methods
            .iter()
            .map(|(method, operation)| Operation::of(path, method, operation))
            .collect()
    };
    paths.iter().flat_map(of_path).collect()
});

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let registry = Registry::new()
        .add(ADDRESS, DOCUMENT.clone())
        .and_then(jsonschema::RegistryBuilder::prepare);
    registry.expect("the document can be resolved")
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The parsed document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// All operations of the document.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: String,
    pub(crate) method: Method,
    /// Path template, with parameters in braces.
    pub(crate) path: String,
    /// The operation object.
    pub(crate) words: Value,
    pointer: String,
}

/// The callers for whom an operation does not return 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    Anybody,
    /// Everyone; a token adds data to the answer.
    Either,
    SignedIn,
}

impl Operation {
    fn of(path: &str, method: &str, words: &Value) -> Self {
        Self {
            id: words["operationId"]
                .as_str()
                .expect("an operation has a name")
                .to_owned(),
            method: method
                .to_uppercase()
                .parse()
                .expect("keys of a path are methods"),
            path: path.to_owned(),
            words: words.clone(),
            pointer: format!("/paths/{}/{method}", escaped(path)),
        }
    }

    /// Its path with valid parameters of resources that do not exist.
    pub(crate) fn some_path(&self) -> String {
        self.path
            .replace("/issuers/{id}", "/issuers/company")
            .replace("{id}", "01912d68-783e-7a03-8467-5661c1243ad4")
            .replace("{revision}", "1")
            .replace("{sha256}", &"0".repeat(64))
            .replace("{slug}", "never-there")
            .replace("{kind}", "not-found")
    }

    pub(crate) fn audience(&self) -> Audience {
        match self.words["security"].as_array() {
            None => panic!("{} does not name its credentials", self.id),
            Some(ways) if ways.is_empty() => Audience::Anybody,
            Some(ways) if ways.iter().any(|way| way == &json!({})) => Audience::Either,
            Some(_) => Audience::SignedIn,
        }
    }

    /// Number of literal segments, if `path` matches the template.
    fn fit(&self, path: &str) -> Option<usize> {
        let (wanted, given): (Vec<_>, Vec<_>) =
            (self.path.split('/').collect(), path.split('/').collect());
        let fits = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') || wanted == given;
        let all = wanted.len() == given.len() && wanted.iter().zip(&given).all(fits);
        all.then(|| {
            wanted
                .iter()
                .filter(|segment| !segment.starts_with('{'))
                .count()
        })
    }
}

/// The operation that a call addresses, if the document has one.
pub(crate) fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let of_method = OPERATIONS
        .iter()
        .filter(|operation| operation.method == *method);
    of_method
        .filter_map(|operation| Some((operation.fit(path)?, operation)))
        .max_by_key(|(fit, _)| *fit)
        .map(|(_, operation)| operation)
}

/// Differences between an answer and the document.
pub(crate) fn breaches(operation: &Operation, answer: &Answer) -> Vec<String> {
    let place = referred(format!("{}/responses/{}", operation.pointer, answer.status));
    let Some(response) = DOCUMENT.pointer(&place) else {
        return vec![format!(
            "{} does not document status {}",
            operation.id, answer.status
        )];
    };
    let mut breaches = missing_fields(response, answer);
    breaches.extend(unlike_contents(&place, response, answer));
    breaches
}

fn missing_fields(response: &Value, answer: &Answer) -> Vec<String> {
    let fields = response["headers"].as_object().into_iter().flatten();
    let always = fields.filter(|(_, field)| field["required"] == true);
    let missing = always.filter(|(name, _)| !answer.headers.contains_key(name.as_str()));
    missing
        .map(|(name, _)| format!("the documented field {name} is missing"))
        .collect()
}

fn unlike_contents(place: &str, response: &Value, answer: &Answer) -> Vec<String> {
    let (media, body) = (answer.header("content-type"), &answer.body);
    let Some(contents) = response["content"].as_object() else {
        let silent = body.is_empty();
        return if silent {
            vec![]
        } else {
            vec![format!("{place} documents no body")]
        };
    };
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !contents.contains_key(essence) {
        return vec![format!("{place} does not document the type {media:?}")];
    }
    unlike_schema(
        &format!("{place}/content/{}/schema", escaped(essence)),
        essence,
        body,
    )
}

/// Whether the document describes the body: only JSON has a schema.
fn unlike_schema(schema: &str, essence: &str, body: &[u8]) -> Vec<String> {
    let is_json = essence.ends_with("json") && essence != "application/x-ndjson";
    if is_json {
        violations(schema, body)
    } else {
        vec![]
    }
}

/// Follows `$ref`.
fn referred(place: String) -> String {
    let reference = DOCUMENT
        .pointer(&place)
        .and_then(|found| found["$ref"].as_str());
    let target = reference.and_then(|reference| reference.strip_prefix('#'));
    target.map_or(place, str::to_owned)
}

/// Differences between an accepted body and the document.
pub(crate) fn misread(operation: &Operation, media: &str, body: &[u8]) -> Vec<String> {
    let essence = media.split(';').next().unwrap_or_default().trim();
    let place = format!(
        "{}/requestBody/content/{}/schema",
        operation.pointer,
        escaped(essence)
    );
    match DOCUMENT.pointer(&place) {
        Some(_) => unlike_schema(&place, essence, body),
        None => vec![format!("{} accepts {essence} undocumented", operation.id)],
    }
}

/// Faults of a problem that belongs to no operation, such as an unknown path.
pub(crate) fn unlike_a_problem(body: &[u8]) -> Vec<String> {
    violations("/components/schemas/Problem", body)
}

fn violations(schema: &str, body: &[u8]) -> Vec<String> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return vec!["the body is not JSON".to_owned()];
    };
    let validator = validator(schema);
    validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn validator(schema: &str) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(schema.to_owned()).or_insert_with(|| {
        let reference = json!({ "$ref": format!("{ADDRESS}#{}", schema.replace('{', "%7B").replace('}', "%7D")) });
        let options = jsonschema::draft202012::options();
        let built = options.with_registry(&REGISTRY).should_validate_formats(true).build(&reference);
        Arc::new(built.unwrap_or_else(|error| panic!("{schema}: {error}")))
    });
    Arc::clone(validator)
}

/// Escapes a key for a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901#section-3)).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
