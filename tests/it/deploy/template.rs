//! Templates of AWS `CloudFormation` as JSON.

use std::fs;

use serde_json::{Map, Value, json};
use yaml_serde::Value as Yaml;

use crate::dependencies::root;

/// Reads a template of the folder `deploy`. Short forms such as `!Ref Name` become `{"Ref": "Name"}`.
pub(super) fn template(name: &str) -> Value {
    let path = root().join("deploy").join(name);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let yaml = yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    json_of(yaml)
}

/// The resources of a type with their logical ids.
pub(super) fn resources<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let resources = template["Resources"].as_object();
    let resources = resources.into_iter().flatten();
    let of_kind = resources.filter(move |(_, resource)| resource["Type"] == kind);
    of_kind.map(|(id, resource)| (id.as_str(), resource))
}

fn json_of(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let tag = tag.trim_start_matches('!');
            let function = match tag {
                "Ref" | "Condition" => tag.to_owned(),
                _ => format!("Fn::{tag}"),
            };
            json!({ function: json_of(tagged.value) })
        }
        Yaml::Sequence(items) => items.into_iter().map(json_of).collect(),
        Yaml::Mapping(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let name = name.as_str().expect("names of members are strings");
                (name.to_owned(), json_of(value))
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        plain => serde_json::to_value(plain).expect("a plain value has a form in JSON"),
    }
}

#[test]
fn short_forms_of_functions_become_long_ones() {
    let yaml =
        yaml_serde::from_str("a: !Sub '${X}-y'\nb: [!Ref X, !GetAtt X.Arn]\nc: !If [C, 1, 2]");
    assert_eq!(
        json_of(yaml.unwrap()),
        json!({
            "a": { "Fn::Sub": "${X}-y" },
            "b": [{ "Ref": "X" }, { "Fn::GetAtt": "X.Arn" }],
            "c": { "Fn::If": ["C", 1, 2] },
        })
    );
}
