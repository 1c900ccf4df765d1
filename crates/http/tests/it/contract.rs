//! Checks every response of these tests against the OpenAPI document: status, media type and body.

#![expect(
    clippy::unwrap_used,
    reason = "a missing part of the document fails the test"
)]

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use http::Method;
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use crate::call::Answer;

const ADDRESS: &str = "urn:tintero:openapi";

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&tintero_http::openapi_json()).unwrap());

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let registry = Registry::new().add(ADDRESS, DOCUMENT.clone());
    registry
        .and_then(jsonschema::RegistryBuilder::prepare)
        .unwrap()
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails if the document does not describe the answer. Ignores paths and methods without an operation.
pub(crate) fn check(method: &Method, uri: &str, answer: &Answer) {
    let path = uri.split('?').next().unwrap_or_default();
    let Some(template) = template(method, path) else {
        return;
    };
    let method = method.as_str().to_lowercase();
    let call = format!("{method} {template} → {}", answer.status);
    let responses = format!("/paths/{}/{method}/responses", escaped(template));
    let place = referred(format!("{responses}/{}", answer.status));
    let response = DOCUMENT.pointer(&place);
    let response = response.unwrap_or_else(|| panic!("{call} is not documented: {}", answer.text));
    let media = answer.header("content-type");
    let media = media.split(';').next().unwrap_or_default();
    let Some(contents) = response["content"].as_object() else {
        assert!(answer.bytes.is_empty(), "{call} documents no body");
        return;
    };
    assert!(
        contents.contains_key(media),
        "{call} does not document {media}"
    );
    let is_json = media == "application/json" || media.ends_with("+json");
    if is_json && !answer.headers.contains_key("content-encoding") {
        let schema = format!("{place}/content/{}/schema", escaped(media));
        let faults: Vec<_> = validator(&schema)
            .iter_errors(&answer.body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{call}: {faults:#?}\n{}", answer.text);
    }
}

/// Returns the path template of an operation: the one with the most literal segments.
fn template(method: &Method, path: &str) -> Option<&'static str> {
    let method = method.as_str().to_lowercase();
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let of_method = paths.filter(|(_, item)| item[&method].is_object());
    let fitting = of_method.filter_map(|(template, _)| {
        let (wanted, given): (Vec<_>, Vec<_>) =
            (template.split('/').collect(), path.split('/').collect());
        let fits = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') || wanted == given;
        let all = wanted.len() == given.len() && wanted.iter().zip(&given).all(fits);
        let parameters = wanted.iter().filter(|segment| segment.starts_with('{'));
        all.then_some((parameters.count(), template.as_str()))
    });
    fitting.min().map(|(_, template)| template)
}

/// Follows `$ref`.
fn referred(place: String) -> String {
    let reference = DOCUMENT.pointer(&place).and_then(|at| at["$ref"].as_str());
    let target = reference.and_then(|reference| reference.strip_prefix('#'));
    target.map_or(place, str::to_owned)
}

fn validator(schema: &str) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(schema.to_owned()).or_insert_with(|| {
        let pointer = schema.replace('{', "%7B").replace('}', "%7D");
        let reference = json!({ "$ref": format!("{ADDRESS}#{pointer}") });
        let options = jsonschema::draft202012::options().with_registry(&REGISTRY);
        let options = options.should_validate_formats(true);
        Arc::new(options.build(&reference).unwrap())
    });
    Arc::clone(validator)
}

/// Escapes a key for a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901#section-3)).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
