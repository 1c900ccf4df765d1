//! Reads and deletes revisions.

use tintero_domain::{
    Error, Result,
    page::{Page, PageRequest},
    posts::{ManuscriptRef, RevisionCopy, RevisionRow},
    values::{PostId, Revision, Timestamp},
};

use super::revisions::{RevisionRecord, UnpackedText};
use crate::{
    chunks,
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{Item, decode},
    keys::{self, ChunkKind, Table},
};

/// Reads a revision. Returns `None` if it does not exist or is deleted during the read.
pub(super) async fn find(
    dynamo: &Dynamo,
    id: PostId,
    revision: Revision,
) -> Result<Option<RevisionCopy>> {
    let key = || keys::revision(id, revision);
    let row = async || -> Result<Option<RevisionRecord>> {
        dynamo.find(Table::Posts, key(), Consistency::Strong).await
    };
    let Some(record) = row().await? else {
        return Ok(None);
    };
    match open(dynamo, id, record).await {
        Err(Error::Corrupt { .. }) if row().await?.is_none() => Ok(None),
        opened => opened.map(Some),
    }
}

async fn open(dynamo: &Dynamo, id: PostId, record: RevisionRecord) -> Result<RevisionCopy> {
    let bytes = chunks::read(dynamo, ChunkKind::Manuscript, id, &record.text).await?;
    let text: UnpackedText = chunks::decompress(&bytes).await?;
    let (row, content) = record.parts();
    let content = content.or(text.content).ok_or_else(|| Error::Corrupt {
        what: format!("revision {} of post {id}", row.revision),
        source: "neither its row nor its text contains its content".into(),
    })?;
    Ok(RevisionCopy {
        row,
        content,
        manuscript: text.manuscript,
    })
}

/// Returns the revisions up to `last` in descending order.
async fn rows(
    dynamo: &Dynamo,
    id: PostId,
    last: Revision,
    limit: usize,
    consistency: Consistency,
) -> Result<Vec<RevisionRow>> {
    let (pk, ends) = keys::revisions_up_to(id, last);
    let query = RangeQuery {
        consistency,
        ..RangeQuery::first(pk, KeyRange::Between(ends), limit)
    };
    let items = dynamo.query(Table::Posts, query).await?;
    let rows = items.into_iter().map(|item| {
        let record: Item<RevisionRecord> = decode(item)?;
        Ok(record.body.parts().0)
    });
    rows.collect()
}

/// Returns the newest revisions. Strongly consistent.
pub(super) async fn newest(dynamo: &Dynamo, id: PostId, limit: usize) -> Result<Vec<RevisionRow>> {
    rows(dynamo, id, Revision::LAST, limit, Consistency::Strong).await
}

/// Returns a page of the history in descending order.
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
        Some(last) => rows(dynamo, id, last, limit + 1, Consistency::Eventual).await?,
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

/// Deletes revisions, then `texts`, which no other revision uses.
pub(super) async fn forget(
    dynamo: &Dynamo,
    id: PostId,
    revisions: &[Revision],
    texts: &[ManuscriptRef],
) -> Result<()> {
    let rows = revisions.iter().map(|n| keys::revision(id, *n)).collect();
    dynamo.remove_many(Table::Posts, rows).await?;
    let chunks = texts
        .iter()
        .flat_map(|text| keys::chunks(ChunkKind::Manuscript, id, text));
    dynamo.remove_many(Table::Posts, chunks.collect()).await
}
