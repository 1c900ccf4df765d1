//! Revisions as they lie in the table: a lean row each, and beside the text what is large.
//!
//! What a revision holds lies with the text that was written for it. One that kept the text of an
//! earlier revision holds the rest in its row.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Error, Result,
    act::Act,
    page::{Page, PageRequest},
    posts::{Content, Manuscript, ManuscriptRef, Post, RevisionCopy, RevisionRow, Saved},
    values::{PostId, Revision, Timestamp, Title, UserId},
};

use super::changes::{Change, Refusal};
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{EntityType, Item, decode, encode},
    keys::{self, Pieces, Table},
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
struct Found {
    content: Option<Content>,
    #[serde(flatten)]
    manuscript: Manuscript,
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

/// One revision in full. One that is forgotten while it is read was not there.
pub(super) async fn find(
    dynamo: &Dynamo,
    id: PostId,
    revision: Revision,
) -> Result<Option<RevisionCopy>> {
    let row = || {
        dynamo.get(
            Table::Posts,
            keys::revision(id, revision),
            Consistency::Strong,
        )
    };
    let Some(record) = row().await? else {
        return Ok(None);
    };
    match open(dynamo, id, record).await {
        Ok(copy) => Ok(Some(copy)),
        Err(error @ Error::Corrupt { .. }) => match row().await? {
            Some::<Item<RevisionRecord>>(_) => Err(error),
            None => Ok(None),
        },
        Err(error) => Err(error),
    }
}

async fn open(dynamo: &Dynamo, id: PostId, item: Item<RevisionRecord>) -> Result<RevisionCopy> {
    let bytes = pieces::read(dynamo, Pieces::Manuscript, id, &item.body.text).await?;
    let found: Found = pieces::decompress(&bytes)?;
    let (row, content) = item.body.parts();
    let content = content.or(found.content).ok_or_else(|| Error::Corrupt {
        what: format!("revision {} of post {id}", row.revision),
        source: "its content is neither in its row nor with its text".into(),
    })?;
    Ok(RevisionCopy {
        row,
        content,
        manuscript: found.manuscript,
    })
}

impl RevisionRecord {
    /// What is told of the revision, and its content, where that lies here.
    fn parts(self) -> (RevisionRow, Option<Content>) {
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

/// What is told of the revisions up to one of them, the newest first.
async fn rows(
    dynamo: &Dynamo,
    id: PostId,
    last: Revision,
    (limit, consistency): (usize, Consistency),
) -> Result<Vec<RevisionRow>> {
    let (pk, ends) = keys::revisions_up_to(id, last);
    let stretch = Stretch {
        index: None,
        pk,
        range: Range::Between(ends),
        limit,
        consistency,
    };
    let items = dynamo.query(Table::Posts, stretch).await?;
    let rows = items.into_iter().map(|item| {
        let record: Item<RevisionRecord> = decode(item)?;
        Ok(record.body.parts().0)
    });
    rows.collect()
}

/// What is told of the newest revisions, as of now.
pub(super) async fn newest(dynamo: &Dynamo, id: PostId, limit: usize) -> Result<Vec<RevisionRow>> {
    rows(dynamo, id, Revision::LAST, (limit, Consistency::Strong)).await
}

/// A page of the history.
pub(super) async fn list(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    id: PostId,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<RevisionRow>> {
    let name = format!("revisions/{id}");
    let last = match &page.cursor {
        Some(cursor) => {
            let place = cursors.open(&name, cursor, now)?;
            place.parse().ok().and_then(Revision::before)
        }
        None => Some(Revision::LAST),
    };
    let limit = page.limit.get();
    let mut items = match last {
        Some(last) => rows(dynamo, id, last, (limit + 1, Consistency::Eventual)).await?,
        None => Vec::new(),
    };
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| cursors.seal(&name, &last.revision.to_string(), now));
    Ok(Page { items, next })
}

/// Forgets revisions, and when they are gone, the texts that no other one has.
pub(super) async fn forget(
    dynamo: &Dynamo,
    id: PostId,
    revisions: &[Revision],
    texts: &[ManuscriptRef],
) -> Result<()> {
    let rows = revisions.iter().map(|n| keys::revision(id, *n)).collect();
    dynamo.remove_many(Table::Posts, rows).await?;
    let pieces = texts
        .iter()
        .flat_map(|text| keys::pieces(Pieces::Manuscript, id, text));
    dynamo.remove_many(Table::Posts, pieces.collect()).await
}
