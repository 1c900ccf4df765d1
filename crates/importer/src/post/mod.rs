//! Reads a file into the members that the API expects.

mod aliases;
mod bylines;
mod categories;
mod content;
mod file_reader;
mod images;
mod parsed_file;
mod settings;
mod tags;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use aliases::MAX_ALIASES;
pub(crate) use categories::ParsedCategory;
pub(crate) use content::{PostContent, SeoFields, request_members};
pub(crate) use file_reader::{PostFileReader, Unread};
pub(crate) use images::ImageMention;
pub(crate) use settings::{ImportSettings, SiteContents};

use crate::{bylines::BylineProfile, diagnostic::Diagnostic};

/// A parsed post without its body. The body is read again when the post is sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ParsedPost {
    pub(crate) sha256: String,
    pub(crate) content: PostContent,
    /// Whether the excerpt is the start of the text, because the front matter has none.
    pub(crate) has_derived_excerpt: bool,
    pub(crate) intent: Intent,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) categories: Vec<ParsedCategory>,
    pub(crate) bylines: Vec<BylineProfile>,
    /// Categories and tags in one list: the tags that imports without categories sent.
    pub(crate) legacy_tags: Vec<String>,
    pub(crate) images: Vec<ImageMention>,
    /// For written targets of images, the paths of their files.
    pub(crate) image_targets: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Intent {
    Publish(PublicationTime),
    #[default]
    Draft,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicationTime {
    /// RFC 3339, UTC.
    pub(crate) at: String,
    pub(crate) is_future: bool,
}

/// The `source` member of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SourceFields<'a> {
    pub(crate) import: &'a str,
    pub(crate) path: &'a str,
    pub(crate) sha256: &'a str,
    /// Everything before the body with its fences. Followed by the body it is the whole file.
    pub(crate) front_matter: &'a str,
    /// The values of `_config.yml` for `site.*` in the body, if they are not too large.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<JsonObject>,
}

pub(crate) type JsonObject = Map<String, Value>;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod image_tests;
