//! What a file says, in the terms of the API.

mod addresses;
mod content;
mod credits;
mod links;
mod reader;
mod sheet;
mod site;
mod slug;
mod tags;
mod terms;

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use content::{Content, Seo, wire};
pub(crate) use links::Mention;
pub(crate) use reader::Reader;
pub(crate) use site::{Settings, Surroundings};
pub(crate) use slug::{numbered as numbered_slug, of as slug};
pub(crate) use terms::Term;

use crate::{finding::Finding, people::Person};

/// What a file makes, but for its body, which is read again when it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Post {
    /// The digest of the whole file.
    pub(crate) sha256: String,
    /// The members that the file decides.
    pub(crate) content: Content,
    /// Whether the file is to be seen.
    pub(crate) intent: Intent,
    /// What its author may not have meant.
    pub(crate) warnings: Vec<Finding>,
    /// The categories under which it is filed.
    pub(crate) categories: Vec<Term>,
    /// Who is credited with it, in order.
    pub(crate) credits: Vec<Person>,
    /// Its categories and tags as one list, which is what its tags were before there were categories.
    pub(crate) all_terms: Vec<String>,
    /// The pictures that it names.
    pub(crate) mentions: Vec<Mention>,
}

/// Whether a file is to be seen by the public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Intent {
    /// As a post of its date.
    Publish(Release),
    /// Not.
    Draft,
}

/// When a post is, or shall be, public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Release {
    /// Its date (RFC 3339).
    pub(crate) at: String,
    /// Whether that is still to come.
    pub(crate) is_to_come: bool,
}

/// Where a post came from, as the API keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Source<'a> {
    pub(crate) import: &'a str,
    pub(crate) path: &'a str,
    pub(crate) sha256: &'a str,
    /// Everything before the body, fences included: with the body it is the file, byte for byte.
    pub(crate) front_matter: &'a str,
    /// What `_config.yml` says, for the `site.*` of the body; absent when it says too much to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<Members>,
}

/// A member by its name.
pub(crate) type Members = Map<String, Value>;

#[cfg(test)]
mod tests;
