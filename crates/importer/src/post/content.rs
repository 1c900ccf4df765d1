use serde::Serialize;
use serde_json::{Value, json};

use super::{JsonObject, SourceFields, aliases};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SeoFields {
    pub(crate) description: String,
}

/// The members of a post under their names in the API.
///
/// Members with ids hold keys here, because a file has no ids: slugs of the names of categories and
/// bylines, and the path of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct PostContent {
    pub(crate) title: String,
    pub(crate) slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) excerpt: Option<String>,
    pub(crate) tags: Vec<String>,
    /// The old paths, percent-decoded.
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
    pub(crate) seo: Option<SeoFields>,
    pub(crate) extra: JsonObject,
}

impl PostContent {
    pub(crate) fn members(&self) -> JsonObject {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            // Cannot happen: all keys are text and all values serialise.
            _ => JsonObject::new(),
        }
    }
}

/// Adds body and source to the members, and encodes the aliases.
pub(crate) fn request_members(
    mut members: JsonObject,
    body: &str,
    source: &SourceFields<'_>,
) -> JsonObject {
    if let Some(Value::Array(aliases)) = members.get_mut("aliases") {
        for alias in aliases {
            *alias = json!(aliases::encoded(alias.as_str().unwrap_or_default()));
        }
    }
    members.insert("body".to_owned(), json!(body));
    members.insert("source".to_owned(), json!(source));
    members
}
