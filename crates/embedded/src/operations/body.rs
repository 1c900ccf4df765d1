//! Builds the JSON of a response from parts that are already JSON.

use serde::Serialize;

use crate::store::RequestFailure;

/// The members of a JSON object.
#[derive(Debug)]
pub(super) struct ResponseBody(String);

impl ResponseBody {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a member whose value is JSON.
    pub(super) fn json(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// Adds a member.
    pub(super) fn value(
        &mut self,
        name: &str,
        value: &impl Serialize,
    ) -> Result<(), RequestFailure> {
        let json = serde_json::to_string(value).map_err(|error| {
            RequestFailure::Damaged(format!("the member {name} of a response: {error}"))
        })?;
        self.json(name, &json);
        Ok(())
    }

    /// Adds a member if there is a value.
    pub(super) fn optional(
        &mut self,
        name: &str,
        value: Option<&impl Serialize>,
    ) -> Result<(), RequestFailure> {
        value.map_or(Ok(()), |value| self.value(name, value))
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// `name` needs no escapes.
    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }
}

/// A JSON array of values that are already JSON.
#[derive(Debug)]
pub(super) struct JsonList(String);

impl JsonList {
    pub(super) fn new() -> Self {
        Self("[".to_owned())
    }

    pub(super) fn push(&mut self, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(json);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push(']');
        self.0
    }
}
