use serde::Serialize;
use tintero_domain::{
    posts::{self, ManuscriptRef, Saved},
    values::{Digest, Revision, UserId},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::View;

/// A revision of a post without its content.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RevisionRow)]
pub(crate) struct RevisionRowView {
    /// The number of the revision.
    revision: u64,
    /// Time of the change.
    #[schema(format = DateTime)]
    at: String,
    /// The user who made the change.
    #[schema(required)]
    editor_id: Option<Uuid>,
    /// The comment on the change.
    #[schema(required)]
    note: Option<String>,
    /// The title.
    title: String,
    /// The size of the body in bytes.
    bytes: u64,
    /// The SHA-256 digest of the body.
    sha256: String,
    /// True if the revision was ever public. Such revisions are stored permanently.
    published: bool,
    /// The restored revision, if this revision is a restore.
    #[schema(required)]
    restored_from: Option<u64>,
    /// The revision on which the change was based, if it was merged with later ones.
    #[schema(required)]
    merged_from: Option<u64>,
}

impl From<posts::RevisionRow> for RevisionRowView {
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

impl View for RevisionRowView {
    fn example() -> Self {
        example().into()
    }
}
