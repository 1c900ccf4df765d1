use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::{PostHandle, resources::etag};
use crate::post::JsonObject;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RemotePost {
    pub(crate) handle: PostHandle,
    pub(crate) status: RemoteStatus,
    /// Whether the working copy differs from the published post.
    pub(crate) has_unpublished_changes: bool,
    /// Whether its status was ever changed: the version also counts status changes, the revision
    /// only changes of content.
    pub(crate) had_transition: bool,
    /// Whether its content was changed after it was created.
    pub(crate) was_edited: bool,
    pub(crate) members: JsonObject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RemoteStatus {
    Draft,
    Scheduled,
    Published,
    Trashed,
    /// A status that this client does not know.
    #[serde(other)]
    Other,
}

/// A post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RemotePostRow {
    pub(crate) id: String,
    pub(crate) status: RemoteStatus,
    pub(crate) slug: String,
    #[serde(default)]
    pub(crate) locale: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) source: Option<ListedSource>,
}

/// The imported file of a post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ListedSource {
    pub(crate) import: String,
    pub(crate) path: String,
    pub(crate) sha256: String,
}

#[derive(Deserialize)]
struct PostResponse {
    id: String,
    status: RemoteStatus,
    #[serde(default)]
    has_unpublished_changes: bool,
    version: u64,
    revision: u64,
    #[serde(flatten)]
    members: JsonObject,
}

impl RemotePost {
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, serde_json::Error> {
        let PostResponse {
            id,
            status,
            has_unpublished_changes,
            version,
            revision,
            members,
        } = serde_json::from_slice(body)?;
        let etag = etag(headers).unwrap_or_else(|| format!("\"{version}.{revision}\""));
        let slug = members
            .get("slug")
            .and_then(|slug| slug.as_str())
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            handle: PostHandle { id, etag, slug },
            status,
            has_unpublished_changes,
            had_transition: version != revision,
            was_edited: revision != 1,
            members,
        })
    }

    /// Returns a text member of `source`.
    pub(crate) fn source(&self, name: &str) -> Option<&str> {
        self.members.get("source")?.get(name)?.as_str()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_and_statuses_are_accepted() {
        let body = br#"{"id": "x", "status": "archived", "version": 2, "revision": 1, "title": "A", "new": {},
            "source": {"sha256": "00", "front_matter": null}}"#;
        let remote = RemotePost::read(&HeaderMap::new(), body).unwrap();
        assert_eq!(remote.handle.etag, "\"2.1\"");
        assert_eq!(
            (remote.status, remote.had_transition, remote.text("title")),
            (RemoteStatus::Other, true, Some("A"))
        );
        assert_eq!(
            (remote.source("sha256"), remote.source("front_matter")),
            (Some("00"), None)
        );
    }
}
