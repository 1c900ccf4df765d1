//! Pages of lists. A cursor is the sort key of the last item given, so a page starts right
//! below it, whatever came and went meanwhile.

use serde::de::DeserializeOwned;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    values::Timestamp,
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Item, decode},
    keys::Table,
};

/// A list that is read from its newest end.
pub(crate) struct List {
    pub(crate) table: Table,
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
    /// Sorts above every row that may be shown.
    pub(crate) top: String,
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
    pub(crate) async fn page<R, T>(
        self,
        dynamo: &Dynamo,
        cursors: &CursorKeys,
        (now, page): (Timestamp, &PageRequest),
        place: impl Fn(&R) -> String,
        value: impl Fn(R) -> Result<T>,
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
        let found = dynamo.query(self.table, stretch).await?;
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
            items: rows.into_iter().map(value).collect::<Result<_>>()?,
            next,
        })
    }
}
