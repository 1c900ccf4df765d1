//! Revisions of a post.

use serde::{Deserialize, Serialize};

use super::{Content, Manuscript, ManuscriptRef, Post, WorkingCopy};
use crate::values::{Digest, Note, Revision, Timestamp, Title, UserId};

/// A revision in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// Number of the revision.
    pub revision: Revision,
    /// Time of the save.
    pub at: Timestamp,
    /// The user who saved it.
    pub editor: Option<UserId>,
    /// Title of the revision.
    pub title: Title,
    /// Metadata of the save.
    pub saved: Saved,
    /// Whether the revision was ever public.
    pub published: bool,
    /// Location of its text.
    pub text: ManuscriptRef,
}

/// Metadata of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Note by the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// Size of the body, in bytes.
    pub bytes: u64,
    /// SHA-256 of the body.
    pub sha256: Digest,
    /// Revision that was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<Revision>,
    /// Base revision of a merged save.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_from: Option<Revision>,
}

impl Saved {
    /// Metadata of a save without restore or merge.
    pub(in crate::posts) fn new(manuscript: &Manuscript, note: Option<Note>) -> Self {
        let body = manuscript.body.as_bytes();
        Self {
            note,
            bytes: body.len() as u64,
            sha256: Digest::of(body),
            restored_from: None,
            merged_from: None,
        }
    }
}

/// A revision in full.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionCopy {
    /// The revision without its content.
    pub row: RevisionRow,
    /// Content without the text.
    pub content: Content,
    /// Text and other large content.
    pub manuscript: Manuscript,
}

impl RevisionCopy {
    /// Its content as a working copy with the state of this post.
    pub(in crate::posts) fn with_state_of(&self, post: &Post) -> WorkingCopy {
        WorkingCopy {
            post: Post {
                content: self.content.clone(),
                ..post.clone()
            },
            manuscript: self.manuscript.clone(),
        }
    }
}
