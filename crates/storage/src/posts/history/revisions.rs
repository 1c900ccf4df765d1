//! The items of revisions.
//!
//! The chunks of a text also contain the content of the revision that introduced the text, so the
//! row of that revision is small. The row of a revision that reuses an earlier text contains the
//! content.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    posts::{Content, Manuscript, ManuscriptRef, Post, RevisionRow, Saved},
    values::{Revision, Timestamp, Title, UserId},
};

use crate::{
    chunks,
    item::{EntityType, Item, encode},
    keys::{self, Table},
    posts::writing::{PostRefusal, PostTransaction, PostWrite},
    unit_of_work::Condition,
};

/// A revision. Only `published` changes later.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RevisionRecord {
    revision: Revision,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    editor: Option<UserId>,
    #[serde(flatten)]
    content: RowContent,
    #[serde(flatten)]
    saved: Saved,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    published: bool,
    pub(crate) text: ManuscriptRef,
}

/// The part of the content that the row of a revision contains.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum RowContent {
    /// The text is of an earlier revision.
    Whole(Box<Content>),
    /// The chunks of the text contain the rest.
    Title { title: Title },
}

/// The compressed value in the chunks of a text.
#[derive(Serialize)]
struct PackedText<'a> {
    content: &'a Content,
    #[serde(flatten)]
    manuscript: &'a Manuscript,
}

/// A [`PackedText`] that was read.
#[derive(Deserialize)]
pub(super) struct UnpackedText {
    pub(super) content: Option<Content>,
    #[serde(flatten)]
    pub(super) manuscript: Manuscript,
}

impl RevisionRecord {
    /// The metadata of the revision, and its content if the row contains it.
    pub(super) fn parts(self) -> (RevisionRow, Option<Content>) {
        let (title, content) = match self.content {
            RowContent::Whole(content) => (content.title.clone(), Some(*content)),
            RowContent::Title { title } => (title, None),
        };
        let row = RevisionRow {
            revision: self.revision,
            at: self.at,
            editor: self.editor,
            title,
            saved: self.saved,
            published: self.published,
            text: self.text,
        };
        (row, content)
    }
}

/// Compresses a manuscript and the content of the revision that introduces it.
pub(in crate::posts) async fn pack(content: &Content, manuscript: &Manuscript) -> Result<Vec<u8>> {
    chunks::compress(&PackedText {
        content,
        manuscript,
    })
    .await
}

/// Writes the revision of a save and deletes the autosave of its editor.
pub(in crate::posts) fn write_revision(
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
) -> Result<()> {
    let PostWrite {
        context,
        before,
        after,
        ..
    } = *write;
    let Some(saved) = write.saved else {
        return Ok(());
    };
    let (id, revision) = (after.state.id, after.state.revision);
    if before.is_some_and(|before| before.state.revision == revision) {
        return Ok(());
    }
    let content = if after.text.revision == revision {
        RowContent::Title {
            title: after.content.title.clone(),
        }
    } else {
        RowContent::Whole(Box::new(after.content.clone()))
    };
    let record = RevisionRecord {
        revision,
        at: context.at,
        editor: context.actor,
        content,
        saved: saved.clone(),
        published: public_revisions(after).contains(&revision),
        text: after.text,
    };
    let item = Item::new(keys::revision(id, revision), EntityType::Revision, record);
    change.put(Table::Posts, encode(item)?)?;
    if let (Some(_), Some(user)) = (before, context.actor) {
        change.remove(Table::Posts, keys::autosave(id, user))?;
    }
    Ok(())
}

/// Marks the revisions that become public now or as scheduled, so that they are kept permanently.
pub(in crate::posts) fn mark_published(
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
) -> Result<()> {
    let mut known = write.before.map(public_revisions).unwrap_or_default();
    if write.saved.is_some() {
        // Written by this transaction, with the mark.
        known.insert(write.after.state.revision);
    }
    for revision in public_revisions(write.after).difference(&known) {
        // Only the present revision becomes public, and it always exists.
        let exists = Condition::new(
            "attribute_exists(pk)",
            [(":published", AttributeValue::Bool(true))],
        );
        let key = keys::revision(write.after.state.id, *revision);
        let mark = "SET published = :published";
        change.update_if(Table::Posts, key, mark, exists, PostRefusal::Stale)?;
    }
    Ok(())
}

/// The revisions that are public now or as scheduled.
fn public_revisions(post: &Post) -> BTreeSet<Revision> {
    let phases = post.state.status.phases();
    phases.iter().map(|phase| phase.value.revision).collect()
}
