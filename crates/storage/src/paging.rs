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
    table: Table,
    sources: Vec<Source>,
    /// Sorts above every row that may be shown.
    top: String,
    /// Its name in cursors, where its rows may move from earlier sources to later ones.
    moving: Option<String>,
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
        Self::of_sources(table, vec![Source { index: None, pk }], top)
    }

    /// Several partitions as if they were one.
    pub(crate) fn of_sources(table: Table, sources: Vec<Source>, top: String) -> Self {
        Self {
            table,
            sources,
            top,
            moving: None,
        }
    }

    /// The same with rows that may move from earlier sources to later ones, which come and go. In
    /// cursors it has the name of the partition that was asked for.
    pub(crate) fn moving(mut self, pk: &str) -> Self {
        self.moving = Some(format!("pk/{pk}"));
        self
    }

    /// Names the list in cursors.
    fn name(&self) -> String {
        if let Some(name) = &self.moving {
            return name.clone();
        }
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
        let moving = self.moving.is_some();
        let limit = page.limit.get();
        let (mut items, mut last, mut passed) = (Vec::new(), None, None);
        let more = loop {
            let begin = passed.as_ref().unwrap_or(&below);
            let wanted = (self.table, limit + 1, begin.as_str());
            fill(&mut readings, dynamo, wanted, moving, &mut requests, &place).await?;
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

/// Reads on in every source whose next row is not known, while there are requests left. What moves
/// between the sources is met in at least one of them: the later ones are read as of now, and once
/// more whenever an earlier one was read on.
async fn fill<R: DeserializeOwned>(
    readings: &mut [Reading<R>],
    dynamo: &Dynamo,
    (table, limit, begin): (Table, usize, &str),
    moving: bool,
    requests: &mut usize,
    place: impl Fn(&R) -> String,
) -> Result<()> {
    for at in 0..readings.len() {
        let (earlier, later) = readings.split_at_mut(at + 1);
        let Some(reading) = earlier.last_mut() else {
            break;
        };
        if !reading.is_dry() || *requests == 0 {
            continue;
        }
        *requests -= 1;
        let consistency = if moving && at > 0 {
            Consistency::Strong
        } else {
            Consistency::Eventual
        };
        let stretch = (limit, consistency);
        reading.read_on(dynamo, table, stretch, &place).await?;
        if moving {
            for reading in later {
                reading.rewind(begin);
            }
        }
    }
    Ok(())
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

    /// Lets it be read once more, from below this place on.
    fn rewind(&mut self, below: &str) {
        self.rows.clear();
        self.below = Some(below.to_owned());
    }

    async fn read_on(
        &mut self,
        dynamo: &Dynamo,
        table: Table,
        (limit, consistency): (usize, Consistency),
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
            consistency,
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
