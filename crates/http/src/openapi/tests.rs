use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::openapi;

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

fn strings_at<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == key
                    && let Value::String(text) = member
                {
                    found.push(text);
                }
                strings_at(member, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings_at(item, key, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn all_references_resolve() {
    let document = document();
    let mut references = Vec::new();
    strings_at(&document, "$ref", &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} does not resolve"
        );
    }
}

#[test]
fn operations_have_an_id_a_summary_a_tag_and_an_example() {
    let document = document();
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{place}: {name} is repeated");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|text| text.ends_with('.')),
            "{place}"
        );
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{place}");
        let text = operation.to_string();
        assert!(
            text.contains("\"example\"")
                || ["204", "303"]
                    .iter()
                    .any(|status| operation["responses"][status].is_object()),
            "{place}"
        );
    }
}

#[test]
fn all_errors_are_problems() {
    let document = document();
    for (place, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let is_error = status.starts_with(['4', '5']);
            let reference = response["$ref"].as_str().unwrap_or_default();
            let shared = reference.starts_with("#/components/responses/");
            assert_eq!(is_error, shared, "{place} {status}");
        }
        assert!(operation["responses"]["500"].is_object(), "{place}");
        if operation["security"] != json!([]) {
            assert!(operation["responses"]["401"].is_object(), "{place}");
        }
    }
}

#[test]
fn all_problem_types_of_operations_have_an_example() {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap();
    let examples = responses.values().map(|response| {
        let content = &response["content"]["application/problem+json"];
        content["examples"].as_object().unwrap().len()
    });
    // No operation returns 405.
    assert_eq!(
        examples.sum::<usize>(),
        crate::problem::ProblemType::ALL.len() - 1
    );
}

#[test]
fn request_bodies_reject_unknown_members() {
    let document = document();
    for (place, operation) in operations(&document) {
        // A file has no members.
        if operation["requestBody"]["content"]["application/octet-stream"].is_object() {
            continue;
        }
        let mut references = Vec::new();
        strings_at(&operation["requestBody"], "$ref", &mut references);
        assert_eq!(
            references.is_empty(),
            operation["requestBody"].is_null(),
            "{place}"
        );
        for reference in references {
            let schema = document
                .pointer(reference.strip_prefix('#').unwrap())
                .unwrap();
            assert_eq!(
                schema["additionalProperties"],
                Value::Bool(false),
                "{place}"
            );
        }
    }
}
