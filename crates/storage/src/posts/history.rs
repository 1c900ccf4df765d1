//! Reading and forgetting what was saved.

use tintero_domain::{
    Error, Result,
    page::{Page, PageRequest},
    posts::{ManuscriptRef, RevisionCopy, RevisionRow},
    values::{PostId, Revision, Timestamp},
};

use super::revisions::{Found, RevisionRecord};
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Item, decode},
    keys::{self, Pieces, Table},
    pieces,
};

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
