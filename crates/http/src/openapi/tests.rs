use std::collections::BTreeSet;

use serde_json::Value;

use super::{openapi, openapi_yaml};

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
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    strings_at(&document, "$ref", &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

#[test]
fn every_operation_is_named_summarised_tagged_and_shown() {
    let document = document();
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{place}: {name} stands twice");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|text| text.ends_with('.')),
            "{place}"
        );
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{place}");
        let text = operation.to_string();
        assert!(
            text.contains("\"example\"") || operation["responses"]["204"].is_object(),
            "{place}"
        );
    }
}

#[test]
fn refusals_are_problems_everywhere() {
    let document = document();
    for (place, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let refused = status.starts_with(['4', '5']);
            let reference = response["$ref"].as_str().unwrap_or_default();
            let shared = reference.starts_with("#/components/responses/");
            assert_eq!(refused, shared, "{place} {status}");
        }
        assert!(operation["responses"]["500"].is_object(), "{place}");
        if !operation["security"].is_null() {
            assert!(operation["responses"]["401"].is_object(), "{place}");
        }
    }
}

#[test]
fn every_kind_of_refusal_is_shown() {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap();
    let shown = responses.values().map(|response| {
        let content = &response["content"]["application/problem+json"];
        content["examples"].as_object().unwrap().len()
    });
    assert_eq!(shown.sum::<usize>(), crate::problem::Kind::ALL.len());
}

#[test]
fn request_bodies_know_no_other_members() {
    let document = document();
    for (place, operation) in operations(&document) {
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

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = include_str!("../../../../openapi.yaml");
    assert!(
        committed == openapi_yaml(),
        "openapi.yaml is out of date; run `just openapi` (tintero openapi > openapi.yaml) and review the difference"
    );
}
