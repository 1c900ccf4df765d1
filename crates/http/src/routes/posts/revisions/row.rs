use serde::Serialize;
use tintero_domain::{
    posts::{self, ManuscriptRef, Saved},
    values::{Digest, Revision, UserId},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::View;

/// What a history shows of one revision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevisionRow {
    /// Its number.
    revision: u64,
    /// When it was saved.
    #[schema(format = DateTime)]
    at: String,
    /// Who saved it.
    #[schema(required)]
    editor_id: Option<Uuid>,
    /// What was said of the save.
    #[schema(required)]
    note: Option<String>,
    /// The title as it was.
    title: String,
    /// Size of the body, in bytes.
    bytes: u64,
    /// SHA-256 of the body.
    sha256: String,
    /// True when it was made public, then or later. Such revisions are kept for good.
    published: bool,
    /// The revision that this save brought back.
    #[schema(required)]
    restored_from: Option<u64>,
    /// The revision on which this save was based, when it was merged with later ones.
    #[schema(required)]
    merged_from: Option<u64>,
}

impl From<posts::RevisionRow> for RevisionRow {
    fn from(row: posts::RevisionRow) -> Self {
        let posts::RevisionRow {
            revision,
            at,
            editor,
            title,
            saved,
            published,
            text: _,
        } = row;
        let Saved {
            note,
            bytes,
            sha256,
            restored_from,
            merged_from,
        } = saved;
        let number = |Revision(number)| number;
        Self {
            revision: revision.0,
            at: at.into(),
            editor_id: editor.map(UserId::uuid),
            note: note.map(Into::into),
            title: title.into(),
            bytes,
            sha256: sha256.into(),
            published,
            restored_from: restored_from.map(number),
            merged_from: merged_from.map(number),
        }
    }
}

/// A revision as it could be, for the document.
pub(super) fn example() -> posts::RevisionRow {
    posts::RevisionRow {
        revision: Revision(2),
        at: "2026-11-22T10:00:00.000Z"
            .parse()
            .expect("the example is a time"),
        editor: None,
        title: "Programación en España"
            .parse()
            .expect("the example is a title"),
        saved: Saved {
            note: "Una errata".parse().ok(),
            bytes: 7,
            sha256: Digest::of(b"# Hola\n"),
            restored_from: None,
            merged_from: None,
        },
        published: true,
        text: ManuscriptRef {
            revision: Revision(2),
            write: Uuid::nil(),
            chunks: 1,
        },
    }
}

impl View for RevisionRow {
    fn example() -> Self {
        example().into()
    }
}
