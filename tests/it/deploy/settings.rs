//! The files in `deploy/` use settings that exist, and containers get what they need to stop in time.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::template::{resources, template};
use crate::dependencies::root;

/// Returns the names of all settings in a text.
fn settings(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("TINTERO_")).collect()
}

#[test]
fn files_of_deployments_use_settings_that_exist() {
    let documented = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let documented = settings(&documented);
    let mut found = 0;
    for entry in fs::read_dir(root().join("deploy")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for name in settings(&text) {
            // Kubernetes makes this variable of a service; a comment names it.
            assert!(
                documented.contains(name) || name == "TINTERO_PORT",
                "{}: {name} is not a setting",
                path.display()
            );
            found += 1;
        }
    }
    assert!(found > 20, "{found} settings");
}

/// The actions that a role allows on all resources.
fn allowed_everywhere(template: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, role) in resources(template, "AWS::IAM::Role") {
        let policies = role["Properties"]["Policies"].as_array();
        for policy in policies.into_iter().flatten() {
            let statements = policy["PolicyDocument"]["Statement"].as_array();
            for statement in statements.into_iter().flatten() {
                if statement["Resource"] == json!("*") {
                    found.insert(statement["Action"].to_string());
                }
            }
        }
    }
    found
}

#[test]
fn roles_of_containers_name_their_resources() {
    // Only this action has no resources.
    let expected = BTreeSet::from([json!("ecr:GetAuthorizationToken").to_string()]);
    assert_eq!(allowed_everywhere(&template("fargate.yaml")), expected);
    assert!(allowed_everywhere(&template("api.yaml")).is_empty());
}

#[test]
fn containers_have_a_root_that_is_read_only_and_time_to_drain() {
    let template = template("fargate.yaml");
    let tasks: Vec<_> = resources(&template, "AWS::ECS::TaskDefinition").collect();
    assert_eq!(tasks.len(), 1);
    for (_, task) in tasks {
        let container = &task["Properties"]["ContainerDefinitions"][0];
        assert_eq!(container["ReadonlyRootFilesystem"], json!(true));
        assert_eq!(container["User"], json!("65532:65532"));
        // The default of TINTERO_DRAIN_TIMEOUT is 25 seconds; Fargate kills after this time.
        assert!(container["StopTimeout"].as_u64().unwrap() > 25);
    }
}
