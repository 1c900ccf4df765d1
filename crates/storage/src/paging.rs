//! Pages of lists. A cursor is the sort key of the last row that was passed, so a page starts right
//! below it, whatever came and went meanwhile.

use std::collections::VecDeque;

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

/// Requests beyond one for each source that a page takes at most; what is left then comes with the
/// next page, so a page can be short, or empty, and not the last.
const MORE_REQUESTS: usize = 3;

/// A list that is read from its newest end: one partition, or several as if they were one.
pub(crate) struct List {
    pub(crate) table: Table,
    pub(crate) sources: Vec<Source>,
    /// Sorts above every row that may be shown.
    pub(crate) top: String,
}

/// A partition of a table or of an index.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
}

/// How far one source was read.
struct Reading<R> {
    source: Source,
    /// What was read and not yet passed, the newest first.
    rows: VecDeque<R>,
    /// Reading goes on below this; nothing is left when absent.
    below: Option<String>,
}

impl List {
    /// One partition of a table.
    pub(crate) fn of(table: Table, pk: String, top: String) -> Self {
        let sources = vec![Source { index: None, pk }];
        Self {
            table,
            sources,
            top,
        }
    }

    /// Names the list in cursors.
    fn name(&self) -> String {
        let names = self.sources.iter().map(|source| {
            let index = source.index.map_or("pk", |(index, ..)| index);
            format!("{index}/{}", source.pk)
        });
        names.collect::<Vec<_>>().join("+")
    }

    /// Reads one page of the rows of which `show` makes something, and one more to learn whether
    /// there is another page. A row that stands in several sources at the same place is one row.
    pub(crate) async fn page<R, T>(
        self,
        dynamo: &Dynamo,
        cursors: &CursorKeys,
        (now, page): (Timestamp, &PageRequest),
        place: impl Fn(&R) -> String,
        show: impl Fn(R) -> Result<Option<T>>,
    ) -> Result<Page<T>>
    where
        R: DeserializeOwned,
    {
        let name = self.name();
        let below = match &page.cursor {
            Some(cursor) => cursors.open(&name, cursor, now)?.min(self.top),
            None => self.top,
        };
        let mut requests = self.sources.len() + MORE_REQUESTS;
        let mut readings: Vec<_> = self
            .sources
            .into_iter()
            .map(|source| Reading {
                source,
                rows: VecDeque::new(),
                below: Some(below.clone()),
            })
            .collect();
        let limit = page.limit.get();
        let (mut items, mut last, mut passed) = (Vec::new(), None, None);
        let more = loop {
            for reading in readings.iter_mut().filter(|reading| reading.is_dry()) {
                if requests > 0 {
                    requests -= 1;
                    reading
                        .read_on(dynamo, self.table, limit + 1, &place)
                        .await?;
                }
            }
            if readings.iter().any(Reading::is_dry) {
                // What comes next may lie where nothing was read yet.
                break passed;
            }
            let Some((newest, row)) = pop(&mut readings, &place) else {
                break None;
            };
            passed = Some(newest.clone());
            if let Some(item) = show(row)? {
                if items.len() == limit {
                    break last;
                }
                items.push(item);
                last = Some(newest);
            }
        };
        let next = more.map(|place| cursors.seal(&name, &place, now));
        Ok(Page { items, next })
    }
}

/// Takes the newest row out of every source that holds it.
fn pop<R>(readings: &mut [Reading<R>], place: impl Fn(&R) -> String) -> Option<(String, R)> {
    let heads = readings.iter().filter_map(|reading| reading.rows.front());
    let newest = heads.map(&place).max()?;
    let mut taken = None;
    for reading in readings {
        if reading.rows.front().is_some_and(|row| place(row) == newest) {
            taken = reading.rows.pop_front().or(taken);
        }
    }
    Some((newest, taken?))
}

impl<R: DeserializeOwned> Reading<R> {
    /// True when the next row of it is not known yet.
    fn is_dry(&self) -> bool {
        self.rows.is_empty() && self.below.is_some()
    }

    async fn read_on(
        &mut self,
        dynamo: &Dynamo,
        table: Table,
        limit: usize,
        place: impl Fn(&R) -> String,
    ) -> Result<()> {
        let Some(below) = self.below.take() else {
            return Ok(());
        };
        let stretch = Stretch {
            index: self.source.index,
            pk: self.source.pk.clone(),
            range: Range::Below(below),
            limit,
            consistency: Consistency::Eventual,
        };
        let found = dynamo.query(table, stretch).await?;
        let more = found.len() == limit;
        for item in found {
            self.rows.push_back(decode::<Item<R>>(item)?.body);
        }
        self.below = self.rows.back().filter(|_| more).map(place);
        Ok(())
    }
}
