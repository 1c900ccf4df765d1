use serde::Serialize;
use serde_json::{Value, json};

use super::{Members, Source, addresses};

/// The members of a post that a file decides, under the names of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Content {
    pub(crate) title: String,
    pub(crate) slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) excerpt: Option<String>,
    pub(crate) tags: Vec<String>,
    /// The old addresses, percent-decoded.
    pub(crate) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published_at: Option<String>,
    pub(crate) extra: Members,
}

impl Content {
    /// The members by name.
    pub(crate) fn members(&self) -> Members {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            // All keys are text and nothing here refuses to be written.
            _ => Members::new(),
        }
    }
}

/// Members as they are sent: with the body and where it came from, addresses encoded.
pub(crate) fn wire(mut members: Members, body: &str, source: &Source<'_>) -> Members {
    if let Some(Value::Array(aliases)) = members.get_mut("aliases") {
        for alias in aliases {
            *alias = json!(addresses::sent(alias.as_str().unwrap_or_default()));
        }
    }
    members.insert("body".to_owned(), json!(body));
    members.insert("source".to_owned(), json!(source));
    members
}
