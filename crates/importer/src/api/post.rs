use reqwest::header::{ETAG, HeaderMap};
use serde::Deserialize;

use super::Handle;
use crate::post::Members;

/// A post as the server has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Remote {
    /// How to write to it.
    pub(crate) handle: Handle,
    /// What the public sees of it.
    pub(crate) status: Status,
    /// Whether the public sees something else than the working copy.
    pub(crate) has_unpublished_changes: bool,
    /// Whether anything but its content was ever changed: published, taken back, sent to review.
    /// Changes of content count in both numbers, all others in the version alone.
    pub(crate) was_moved: bool,
    /// Whether its content was ever changed since it was created.
    pub(crate) was_edited: bool,
    /// Its members by name.
    pub(crate) members: Members,
}

/// What the public sees of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Nothing.
    Draft,
    /// Nothing yet: it is planned when.
    Scheduled,
    /// The post.
    Published,
    /// Nothing any more.
    Trashed,
    /// Something that this client does not know.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct View {
    id: String,
    status: Status,
    #[serde(default)]
    has_unpublished_changes: bool,
    version: u64,
    revision: u64,
    #[serde(flatten)]
    members: Members,
}

impl Remote {
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, serde_json::Error> {
        let View {
            id,
            status,
            has_unpublished_changes,
            version,
            revision,
            members,
        } = serde_json::from_slice(body)?;
        let sent = headers.get(ETAG).and_then(|tag| tag.to_str().ok());
        let etag = sent.map_or_else(|| format!("\"{version}.{revision}\""), str::to_owned);
        let slug = members
            .get("slug")
            .and_then(|slug| slug.as_str())
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            handle: Handle { id, etag, slug },
            status,
            has_unpublished_changes,
            was_moved: version != revision,
            was_edited: revision != 1,
            members,
        })
    }

    /// A text of `source`.
    pub(crate) fn source(&self, name: &str) -> Option<&str> {
        self.members.get("source")?.get(name)?.as_str()
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_read_whatever_else_it_holds() {
        let body = br#"{"id": "x", "status": "archived", "version": 2, "revision": 1, "title": "A", "new": {},
            "source": {"sha256": "00", "front_matter": null}}"#;
        let remote = Remote::read(&HeaderMap::new(), body).unwrap();
        assert_eq!(remote.handle.etag, "\"2.1\"");
        assert_eq!(
            (remote.status, remote.was_moved, remote.text("title")),
            (Status::Other, true, Some("A"))
        );
        assert_eq!(
            (remote.source("sha256"), remote.source("front_matter")),
            (Some("00"), None)
        );
    }
}
