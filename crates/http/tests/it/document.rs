//! Rules for the OpenAPI document, so that client generators and linters accept it.

#![expect(
    clippy::unwrap_used,
    reason = "a missing part of the document fails the test"
)]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

/// A schema and its place in the document.
type Found<'a> = Vec<(String, &'a Value)>;

fn document() -> Value {
    serde_json::from_str(&tintero_http::openapi_json()).unwrap()
}

/// Keys of a schema whose value is a schema or a list of schemas.
const INNER: [&str; 5] = ["items", "additionalProperties", "oneOf", "anyOf", "allOf"];

/// Adds all schemas in `value`. Examples are not searched.
fn collect<'a>(place: &str, value: &'a Value, found: &mut Found<'a>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let place = format!("{place}/{name}");
                match name.as_str() {
                    "schema" => schema(&place, member, found),
                    "schemas" => properties(&place, member, found),
                    "example" | "examples" => {}
                    _ => collect(&place, member, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(&format!("{place}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

fn properties<'a>(place: &str, value: &'a Value, found: &mut Found<'a>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        schema(&format!("{place}/{name}"), member, found);
    }
}

fn schema<'a>(place: &str, value: &'a Value, found: &mut Found<'a>) {
    found.push((place.to_owned(), value));
    properties(place, &value["properties"], found);
    for name in INNER {
        let place = format!("{place}/{name}");
        match &value[name] {
            Value::Array(items) => items.iter().for_each(|item| schema(&place, item, found)),
            inner @ Value::Object(_) => schema(&place, inner, found),
            _ => {}
        }
    }
}

fn schemas(document: &Value) -> Found<'_> {
    let mut found = Vec::new();
    collect("", document, &mut found);
    assert!(found.len() > 500, "only {} schemas", found.len());
    found
}

fn has_type(schema: &Value, wanted: &str) -> bool {
    match &schema["type"] {
        Value::String(name) => name == wanted,
        Value::Array(names) => names.iter().any(|name| name == wanted),
        _ => false,
    }
}

/// Fails with the places of all schemas for which `is_wrong` holds.
fn none_is(is_wrong: impl Fn(&Value) -> bool) {
    let document = document();
    let wrong = schemas(&document)
        .into_iter()
        .filter(|(_, schema)| is_wrong(schema));
    let places: Vec<_> = wrong.map(|(place, _)| place).collect();
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn no_schema_is_a_composition() {
    none_is(|schema| !schema["allOf"].is_null() || !schema["anyOf"].is_null());
}

#[test]
fn integers_have_a_format() {
    none_is(|schema| has_type(schema, "integer") && schema["format"].is_null());
}

#[test]
fn nullable_objects_are_choices() {
    none_is(|schema| has_type(schema, "object") && has_type(schema, "null"));
}

#[test]
fn choices_have_a_discriminator_or_consist_of_one_type_and_null() {
    none_is(|schema| {
        let Some(types) = schema["oneOf"].as_array() else {
            return false;
        };
        let is_nullable = types.len() == 2 && types[1] == json!({"type": "null"});
        !is_nullable && schema["discriminator"].is_null()
    });
}

#[test]
fn objects_declare_their_members_or_allow_any() {
    none_is(|schema| {
        let has_properties = schema["properties"].is_object();
        has_type(schema, "object") && !has_properties && schema["additionalProperties"].is_null()
    });
}

#[test]
fn discriminators_name_the_type_of_each_value() {
    let document = document();
    let found = schemas(&document);
    let unions = found
        .iter()
        .filter(|(_, schema)| schema["discriminator"].is_object());
    for (place, union) in unions {
        let property = union["discriminator"]["propertyName"].as_str().unwrap();
        let mapping = union["discriminator"]["mapping"].as_object().unwrap();
        assert_eq!(
            mapping.len(),
            union["oneOf"].as_array().unwrap().len(),
            "{place}"
        );
        for (value, reference) in mapping {
            let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
            let schema = document.pointer(pointer).unwrap();
            let known = &schema["properties"][property]["enum"];
            assert_eq!(*known, json!([value]), "{place} {value}");
            let required = schema["required"].as_array().unwrap();
            assert!(required.contains(&json!(property)), "{place} {value}");
        }
    }
}

#[test]
fn members_parameters_headers_and_components_have_descriptions() {
    let document = document();
    for (place, schema) in schemas(&document) {
        let is_component =
            place.starts_with("/components/schemas/") && place.matches('/').count() == 3;
        if is_component {
            assert!(schema["description"].is_string(), "{place}");
        }
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let is_described = member["description"].is_string() || member["$ref"].is_string();
            assert!(is_described, "{place}/{name}");
        }
    }
    for operation in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{parameter}");
            assert!(!has_type(&parameter["schema"], "null"), "{parameter}");
        }
    }
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document["paths"].as_object().unwrap().values();
    paths.flat_map(|item| item.as_object().unwrap().values())
}

#[test]
fn every_operation_names_its_credentials() {
    let document = document();
    for operation in operations(&document) {
        assert!(
            operation["security"].is_array(),
            "{}",
            operation["operationId"]
        );
    }
}

#[test]
fn every_component_is_used() {
    let document = document();
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(used.contains(reference.as_str()), "{reference} is not used");
        }
    }
}

fn references<'a>(value: &'a Value, used: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) if text.starts_with("#/") => {
            used.insert(text);
        }
        Value::Object(members) => members.values().for_each(|member| references(member, used)),
        Value::Array(items) => items.iter().for_each(|item| references(item, used)),
        _ => {}
    }
}

#[test]
fn bodies_have_one_media_type() {
    let document = document();
    for operation in operations(&document) {
        let contents = operation["requestBody"]["content"].as_object();
        assert!(
            contents.is_none_or(|types| types.len() == 1),
            "{}",
            operation["operationId"]
        );
    }
}

#[test]
fn the_committed_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.yaml");
    let document = tintero_http::openapi_yaml();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &document).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == document,
        "openapi.yaml is out of date; run `just openapi` (tintero openapi > openapi.yaml) and review the difference"
    );
}
