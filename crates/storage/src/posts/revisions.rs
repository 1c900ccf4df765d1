//! Revisions as they lie in the table: a lean row each, and beside the text what is large.
//!
//! What a revision holds lies with the text that was written for it. One that kept the text of an
//! earlier revision holds the rest in its row.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    act::Act,
    posts::{Content, Manuscript, ManuscriptRef, Post, RevisionRow, Saved},
    values::{Revision, Timestamp, Title, UserId},
};

use super::changes::{Change, Refusal};
use crate::{
    item::{EntityType, Item, encode},
    keys::{self, Table},
    pieces,
    unit_of_work::Condition,
};

/// One revision. Only whether it was published is ever added.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RevisionRecord {
    revision: Revision,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    editor: Option<UserId>,
    #[serde(flatten)]
    held: Held,
    #[serde(flatten)]
    saved: Saved,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    published: bool,
    pub(crate) text: ManuscriptRef,
}

/// What of its content lies in the row of a revision.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Held {
    /// All of it: the text is older.
    Whole(Box<Content>),
    /// What a history shows; the rest lies with the text.
    Shown { title: Title },
}

/// What the pieces of a text hold, compressed.
#[derive(Serialize)]
struct Filed<'a> {
    content: &'a Content,
    #[serde(flatten)]
    manuscript: &'a Manuscript,
}

/// The same, read.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) content: Option<Content>,
    #[serde(flatten)]
    pub(super) manuscript: Manuscript,
}

impl RevisionRecord {
    /// What is told of the revision, and its content, where that lies here.
    pub(super) fn parts(self) -> (RevisionRow, Option<Content>) {
        let (title, content) = match self.held {
            Held::Whole(content) => (content.title.clone(), Some(*content)),
            Held::Shown { title } => (title, None),
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

/// A manuscript with the content of the revision that begins with it, compressed.
pub(super) fn pack(content: &Content, manuscript: &Manuscript) -> Result<Vec<u8>> {
    pieces::compress(&Filed {
        content,
        manuscript,
    })
}

/// Writes the revision that a save made, and clears what its editor had put aside.
pub(super) fn write_save(
    change: &mut Change<'_>,
    act: &Act,
    before: Option<&Post>,
    after: &Post,
    saved: &Saved,
) -> Result<()> {
    let (id, revision) = (after.standing.id, after.standing.revision);
    if before.is_some_and(|before| before.standing.revision == revision) {
        return Ok(());
    }
    let held = if after.text.revision == revision {
        Held::Shown {
            title: after.content.title.clone(),
        }
    } else {
        Held::Whole(Box::new(after.content.clone()))
    };
    let record = RevisionRecord {
        revision,
        at: act.at,
        editor: act.actor,
        held,
        saved: saved.clone(),
        published: false,
        text: after.text,
    };
    let item = Item::new(keys::revision(id, revision), EntityType::Revision, record);
    change.put(Table::Posts, encode(item)?)?;
    if let (Some(_), Some(user)) = (before, act.actor) {
        change.remove(Table::Posts, keys::autosave(id, user))?;
    }
    Ok(())
}

/// Notes on the revisions that become public, now or as planned, that they do, so that they are
/// kept for good.
pub(super) fn mark_published(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
) -> Result<()> {
    let public = |post: &Post| -> BTreeSet<Revision> {
        let phases = post.standing.status.phases();
        phases.iter().map(|phase| phase.what.revision).collect()
    };
    let known = before.map(public).unwrap_or_default();
    for revision in public(after).difference(&known) {
        // What is published anew is the present revision, and that one is always there.
        let present = Condition::new(
            "attribute_exists(pk)",
            [(":published", AttributeValue::Bool(true))],
        );
        let key = keys::revision(after.standing.id, *revision);
        let mark = "SET published = :published";
        change.update_if(Table::Posts, key, mark, present, Refusal::Stale)?;
    }
    Ok(())
}
