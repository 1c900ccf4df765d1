//! `deploy/api.yaml` has a route for each operation of `openapi.yaml`.

use std::{collections::BTreeMap, env, fmt::Write as _, fs};

use serde_json::Value;
use yaml_serde::Value as Yaml;

use super::template::{resources, template};
use crate::dependencies::root;

const PAGE: &str = "deploy/api.yaml";
const BEGIN: &str = "  # sign-in pass the authorizer, if there is one. The function verifies all credentials itself.\n";
const END: &str = "  # End of the generated routes.\n";

/// Routes that are no operations: pages for browsers, preflight requests and HEAD.
const OTHERS: [&str; 11] = [
    "GET /",
    "GET /.well-known/security.txt",
    "GET /admin",
    "GET /admin/",
    "GET /admin/assets/{file}",
    "GET /docs",
    "GET /docs/{file}",
    "GET /openapi.json",
    "GET /openapi.yaml",
    "HEAD /{proxy+}",
    "OPTIONS /{proxy+}",
];

/// An operation of `openapi.yaml`.
struct Operation {
    id: String,
    /// Method and path, as API Gateway writes them.
    key: String,
    /// Whether requests without credentials are refused.
    needs_sign_in: bool,
}

#[test]
fn the_routes_of_the_template_are_current() {
    let path = root().join(PAGE);
    let text = fs::read_to_string(&path).expect("the template is text");
    let (before, rest) = text.split_once(BEGIN).expect("the template has the mark");
    let (found, after) = rest.split_once(END).expect("the template has the end mark");
    let expected: String = operations().iter().map(route).collect();
    if env::var_os("UPDATE_DOCS").is_some() {
        let text = format!("{before}{BEGIN}{expected}{END}{after}");
        fs::write(&path, text).expect("the template can be written");
    } else {
        assert_eq!(found, expected, "run with UPDATE_DOCS=1");
    }
}

#[test]
fn every_operation_has_a_route_and_operations_that_need_sign_in_have_an_authorizer() {
    let template = template("api.yaml");
    let routes = resources(&template, "AWS::ApiGatewayV2::Route");
    let mut found: BTreeMap<_, _> = routes
        .map(|(_, route)| {
            let properties = &route["Properties"];
            let key = properties["RouteKey"].as_str().unwrap_or_default();
            (key.to_owned(), is_authorized(properties))
        })
        .collect();
    for other in OTHERS {
        assert_eq!(found.remove(other), Some(false), "{other}");
    }
    let expected: BTreeMap<_, _> = operations()
        .into_iter()
        .map(|operation| (operation.key, operation.needs_sign_in))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn both_functions_have_the_same_environment() {
    let template = template("api.yaml");
    let variables = |function: &str| {
        template["Resources"][function]["Properties"]["Environment"]["Variables"].clone()
    };
    assert!(variables("Function").is_object());
    assert_eq!(variables("Function"), variables("BackgroundFunction"));
}

#[test]
fn templates_have_no_aliases() {
    for entry in fs::read_dir(root().join("deploy")).expect("deploy/ exists") {
        let path = entry.expect("the folder can be read").path();
        let text = fs::read_to_string(&path).unwrap_or_default();
        if !text.starts_with("AWSTemplateFormatVersion") {
            continue;
        }
        let name = path.display();
        for (line, number) in text.lines().zip(1..) {
            let value = line.split_once(": ").map_or("", |(_, value)| value);
            assert!(
                !value.starts_with(['&', '*']),
                "{name}:{number}: CloudFormation supports no aliases"
            );
        }
    }
}

/// Whether the authorizer depends on the parameter as it does for all operations that need sign-in.
fn is_authorized(properties: &Value) -> bool {
    properties["AuthorizationType"].is_object() && properties["AuthorizerId"].is_object()
}

fn operations() -> Vec<Operation> {
    let text = fs::read_to_string(root().join("openapi.yaml")).expect("openapi.yaml exists");
    let document: Yaml = yaml_serde::from_str(&text).expect("openapi.yaml is YAML");
    let paths = document["paths"].as_mapping().expect("it has paths");
    let mut operations = Vec::new();
    for (path, methods) in paths {
        let path = path.as_str().expect("a path is a string");
        for (method, operation) in methods.as_mapping().expect("a path has methods") {
            let method = method.as_str().expect("a method is a string");
            let security = operation["security"].as_sequence();
            let security = security.expect("an operation states its security");
            let is_empty = |way: &Yaml| way.as_mapping().is_some_and(yaml_serde::Mapping::is_empty);
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                key: format!("{} {path}", method.to_uppercase()),
                needs_sign_in: !security.is_empty() && !security.iter().any(is_empty),
            });
        }
    }
    operations
}

fn route(operation: &Operation) -> String {
    let words = operation.id.split('_');
    let name: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect();
    let mut text = format!(
        "  {name}Route:\n    Type: AWS::ApiGatewayV2::Route\n    Properties:\n      ApiId: !Ref Api\n      \
         RouteKey: {}\n      Target: !Sub integrations/${{Integration}}\n",
        operation.key
    );
    if operation.needs_sign_in {
        writeln!(
            text,
            "      AuthorizationType: !If [UsesJwt, JWT, !If [UsesLambda, CUSTOM, NONE]]\n      \
             AuthorizerId: !If [UsesJwt, !Ref JwtAuthorizer, !If [UsesLambda, !Ref LambdaAuthorizer, !Ref AWS::NoValue]]"
        )
        .expect("a string can be written");
    }
    text.push('\n');
    text
}
