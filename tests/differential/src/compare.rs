//! The differences between two answers.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::answer::Answer;

/// One part of an answer that differs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Difference {
    /// Path of the part: `Items/0/price/N`, `error/message`, or `status`.
    pub(crate) path: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl Difference {
    /// Whether one side executed a request that the other refused, so that their data may differ from here.
    pub(crate) fn is_of_status(&self) -> bool {
        self.path == "status"
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, ours, theirs } = self;
        write!(f, "{path}\n      ours:   {ours}\n      theirs: {theirs}")
    }
}

/// Returns the differences between two comparable answers.
pub(crate) fn differences(ours: &Answer, theirs: &Answer) -> Vec<Difference> {
    if ours.status != theirs.status {
        return vec![Difference {
            path: "status".to_owned(),
            ours: outcome(ours),
            theirs: outcome(theirs),
        }];
    }
    let mut found = Vec::new();
    collect("", Some(&ours.body), Some(&theirs.body), &mut found);
    found
}

fn outcome(answer: &Answer) -> String {
    let error = &answer.body["error"];
    match (error["type"].as_str(), error["message"].as_str()) {
        (Some(kind), Some(message)) => format!("{} {kind}: {message}", answer.status),
        _ => answer.status.to_string(),
    }
}

fn collect(path: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            for name in names {
                collect(&join(path, name), ours.get(name), theirs.get(name), found);
            }
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
            for at in 0..ours.len().max(theirs.len()) {
                collect(
                    &join(path, &at.to_string()),
                    ours.get(at),
                    theirs.get(at),
                    found,
                );
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => found.push(Difference {
            path: path.to_owned(),
            ours: render(ours),
            theirs: render(theirs),
        }),
    }
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}/{name}"),
    }
}

fn render(value: Option<&Value>) -> String {
    match value {
        None => "(absent)".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
