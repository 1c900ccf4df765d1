//! Pages of lists. A cursor is the sort key of the last item given, so a page starts right
//! below it, whatever came and went meanwhile.

use serde::de::DeserializeOwned;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    posts::{DeskFacet, Post, PublicFacet, PublicSummary},
    values::Timestamp,
};

use super::records::PostRecord;
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Item, decode},
    keys::{self, PublicPartition, Table, indexes},
};

/// A list that is read from its newest end.
struct List {
    index: Option<(&'static str, &'static str, &'static str)>,
    pk: String,
    /// Sorts above every row that may be shown.
    top: String,
}

impl List {
    /// Names the list in cursors.
    fn name(&self) -> String {
        format!(
            "{}/{}",
            self.index.map_or("pk", |(index, ..)| index),
            self.pk
        )
    }

    /// Reads one page, and one row more to learn whether there is another page.
    async fn page<R, T>(
        self,
        dynamo: &Dynamo,
        cursors: &CursorKeys,
        (now, page): (Timestamp, &PageRequest),
        place: impl Fn(&R) -> String,
        value: impl Fn(R) -> T,
    ) -> Result<Page<T>>
    where
        R: DeserializeOwned,
    {
        let name = self.name();
        let below = match &page.cursor {
            Some(cursor) => cursors.open(&name, cursor, now)?.min(self.top),
            None => self.top,
        };
        let limit = page.limit.get();
        let stretch = Stretch {
            index: self.index,
            pk: self.pk,
            range: Range::Below(below),
            limit: limit + 1,
            consistency: Consistency::Eventual,
        };
        let found = dynamo.query(Table::Posts, stretch).await?;
        let more = found.len() > limit;
        let rows: Vec<R> = found
            .into_iter()
            .take(limit)
            .map(|item| decode::<Item<R>>(item).map(|item| item.body))
            .collect::<Result<_>>()?;
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| cursors.seal(&name, &place(last), now));
        Ok(Page {
            items: rows.into_iter().map(value).collect(),
            next,
        })
    }
}

/// Published posts; those dated after `now` are not there yet.
pub(super) async fn public(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    facet: &PublicFacet,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<PublicSummary>> {
    let partition = match facet {
        PublicFacet::Latest => PublicPartition::Latest,
        PublicFacet::Tag(tag) => PublicPartition::tag(tag),
        PublicFacet::Locale(locale) => PublicPartition::Locale(locale.clone()),
    };
    let list = List {
        index: None,
        pk: partition.pk(),
        top: keys::after_moment(now),
    };
    let place = |row: &PublicSummary| keys::moment(row.published_at, row.id);
    list.page(dynamo, cursors, (now, page), place, |row| row)
        .await
}

/// Working copies.
pub(super) async fn desk(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    facet: &DeskFacet,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<Post>> {
    let (index, pk) = match facet {
        DeskFacet::Status(status) => (indexes::BY_STATE, keys::state(*status)),
        DeskFacet::Owner(owner, status) => (indexes::BY_OWNER, keys::owner_state(*owner, *status)),
        DeskFacet::Updated => (indexes::BY_UPDATED, keys::updated_shard()),
    };
    let list = List {
        index: Some(index),
        pk,
        top: keys::end_of_list(),
    };
    let updated = *facet == DeskFacet::Updated;
    let place = |row: &PostRecord| {
        if updated {
            row.updated_key.clone()
        } else {
            row.created_key.clone()
        }
    };
    list.page(dynamo, cursors, (now, page), place, |row| row.post)
        .await
}
