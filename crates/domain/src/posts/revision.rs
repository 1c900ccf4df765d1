//! Revisions: what was saved, and what is told of each save.

use serde::{Deserialize, Serialize};

use super::{Content, Manuscript, ManuscriptRef, Post, WorkingCopy};
use crate::values::{Digest, Note, Revision, Timestamp, Title, UserId};

/// What a history shows of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// Which one.
    pub revision: Revision,
    /// When it was saved.
    pub at: Timestamp,
    /// Who saved it.
    pub editor: Option<UserId>,
    /// The title as it was.
    pub title: Title,
    /// What is told of the save.
    pub saved: Saved,
    /// True when it was made public, then or later.
    pub published: bool,
    /// Where its text lies.
    pub text: ManuscriptRef,
}

/// What is told of a save beside what was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// A word of whoever saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// Size of the body, in bytes.
    pub bytes: u64,
    /// SHA-256 of the body.
    pub sha256: Digest,
    /// The earlier revision that was brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<Revision>,
    /// The revision on which the save was based, when it was merged with later ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_from: Option<Revision>,
}

impl Saved {
    /// What is told of a plain save of this text.
    pub(super) fn plainly(manuscript: &Manuscript, note: Option<Note>) -> Self {
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

/// One revision as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionCopy {
    /// What is told of it.
    pub row: RevisionRow,
    /// The small members.
    pub content: Content,
    /// The text.
    pub manuscript: Manuscript,
}

impl RevisionCopy {
    /// What it held, as the working copy of a post that stands like this one.
    pub(super) fn standing_as(&self, post: &Post) -> WorkingCopy {
        WorkingCopy {
            post: Post {
                content: self.content.clone(),
                ..post.clone()
            },
            manuscript: self.manuscript.clone(),
        }
    }
}
