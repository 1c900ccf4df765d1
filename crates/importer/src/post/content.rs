use serde::Serialize;
use serde_json::{Value, json};

use super::{Members, Source, addresses};

/// What search engines are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Seo {
    pub(crate) description: String,
}

/// The members of a post that a file decides, under the names of the API.
///
/// Those that are ids on the server hold keys here, since the file does not know the ids: folded
/// names of categories and people, and the path of an image.
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
    #[serde(rename = "category_ids", skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<String>,
    #[serde(rename = "byline_ids", skip_serializing_if = "Vec::is_empty")]
    pub(crate) bylines: Vec<String>,
    #[serde(rename = "featured_image_id", skip_serializing_if = "Option::is_none")]
    pub(crate) featured_image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seo: Option<Seo>,
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
