//! Pages of lists. A cursor is the sort key of the last row that was passed, so a page starts right
//! beyond it, whatever came and went meanwhile.

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
    keys::{self, Table},
};

/// Requests beyond one for each source that a page takes at most; what is left then comes with the
/// next page, so a page can be short, or empty, and not the last.
const MORE_REQUESTS: usize = 3;

/// Rows that each of these requests reads where few of them are wanted. With those of the first
/// request that is half a megabyte of rows of a kilobyte: 64 units of capacity.
const SIFTED: usize = 128;

/// A list that is read from one of its ends: one partition, or several as if they were one.
pub(crate) struct List {
    table: Table,
    sources: Vec<Source>,
    order: Order,
    /// Its name in cursors, when that is not those of its partitions.
    name: Option<String>,
    /// Rows that a request beyond the first reads at least.
    step: usize,
    requests: usize,
    /// True when rows may move from earlier sources to later ones.
    moving: bool,
}

/// From which end a list is read, and what bounds it.
#[derive(Debug, Clone)]
enum Order {
    /// From the newest, which lies below `top`, to the oldest, which is at `bottom` or above.
    NewestFirst { top: String, bottom: Option<String> },
    /// From the oldest, which lies above `bottom`.
    OldestFirst { bottom: String },
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
    /// What was read and not yet passed, in the list's order.
    rows: VecDeque<R>,
    /// Reading goes on beyond this; nothing is left when absent.
    beyond: Option<String>,
}

impl List {
    /// One partition of a table, the newest first.
    pub(crate) fn of(table: Table, pk: String, top: String) -> Self {
        Self::of_sources(table, vec![Source { index: None, pk }], top)
    }

    /// Several partitions as if they were one, the newest first.
    pub(crate) fn of_sources(table: Table, sources: Vec<Source>, top: String) -> Self {
        Self {
            table,
            requests: sources.len() + MORE_REQUESTS,
            sources,
            order: Order::NewestFirst { top, bottom: None },
            name: None,
            step: 0,
            moving: false,
        }
    }

    /// The same from the oldest on, which lies above `bottom`.
    pub(crate) fn oldest_first(mut self, bottom: String) -> Self {
        self.order = Order::OldestFirst { bottom };
        self
    }

    /// The same without what lies below `oldest`.
    pub(crate) fn down_to(mut self, oldest: Option<String>) -> Self {
        if let Order::NewestFirst { bottom, .. } = &mut self.order {
            *bottom = oldest;
        }
        self
    }

    /// The same under another name in cursors.
    pub(crate) fn named(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// The same with rows that may move from earlier sources to later ones while they are read.
    pub(crate) fn moving(mut self) -> Self {
        self.moving = self.sources.len() > 1;
        self
    }

    /// The same of whose rows few may be wanted.
    pub(crate) fn sifted(mut self) -> Self {
        self.step = SIFTED;
        self
    }

    /// The same after so many requests that were made for it already.
    pub(crate) fn after_requests(mut self, made: usize) -> Self {
        self.requests = self.requests.saturating_sub(made).max(self.sources.len());
        self
    }

    /// Names the list in cursors.
    fn name(&self) -> String {
        if let Some(name) = &self.name {
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
        let cursor = page.cursor.as_ref();
        let begin = cursor.map(|cursor| cursors.open(&name, cursor, now));
        let begin = self.order.begin(begin.transpose()?);
        let mut requests = self.requests;
        let mut readings: Vec<_> = self
            .sources
            .into_iter()
            .map(|source| Reading {
                source,
                rows: VecDeque::new(),
                beyond: Some(begin.clone()),
            })
            .collect();
        let limit = page.limit.get();
        let mut wanted = limit + 1;
        let (mut items, mut last, mut passed) = (Vec::new(), None, None);
        let more = loop {
            let from = passed.as_ref().unwrap_or(&begin);
            let (to, left) = ((&self.order, wanted, from.as_str()), &mut requests);
            let table = (dynamo, self.table);
            if fill(&mut readings, table, to, self.moving, left, &place).await? {
                wanted = wanted.max(self.step);
            }
            if readings.iter().any(Reading::is_dry) {
                // What comes next may lie where nothing was read yet.
                break passed;
            }
            let Some((next, rows)) = self.order.pop(&mut readings, &place) else {
                break None;
            };
            passed = Some(next.clone());
            // One of them may show what is now, another one what is planned.
            let mut shown = rows
                .into_iter()
                .rev()
                .filter_map(|row| show(row).transpose());
            if let Some(item) = shown.next().transpose()? {
                if items.len() == limit {
                    break last;
                }
                items.push(item);
                last = Some(next);
            }
        };
        let next = more.map(|place| cursors.seal(&name, &place, now));
        Ok(Page { items, next })
    }
}

impl Order {
    /// Where reading begins: at the end of the list, or where a cursor says.
    fn begin(&self, cursor: Option<String>) -> String {
        match (self, cursor) {
            (Self::NewestFirst { top, .. }, Some(place)) => place.min(top.clone()),
            (Self::NewestFirst { top, .. }, None) => top.clone(),
            (Self::OldestFirst { bottom }, Some(place)) => place.max(bottom.clone()),
            (Self::OldestFirst { bottom }, None) => bottom.clone(),
        }
    }

    /// What lies beyond a place, in the order.
    fn range(&self, beyond: &str) -> Option<Range> {
        match self {
            Self::NewestFirst { bottom: None, .. } => Some(Range::Below(beyond.to_owned())),
            Self::NewestFirst {
                bottom: Some(bottom),
                ..
            } => {
                let ends = [bottom.clone(), beyond.to_owned()];
                (bottom.as_str() < beyond).then_some(Range::Between(ends))
            }
            Self::OldestFirst { .. } => {
                Some(Range::Rising([beyond.to_owned(), keys::end_of_list()]))
            }
        }
    }

    /// Takes the row that comes next out of every source that holds it, in their order.
    fn pop<R>(
        &self,
        readings: &mut [Reading<R>],
        place: impl Fn(&R) -> String,
    ) -> Option<(String, Vec<R>)> {
        let heads = readings.iter().filter_map(|reading| reading.rows.front());
        let places = heads.map(&place);
        let next = match self {
            Self::NewestFirst { .. } => places.max()?,
            Self::OldestFirst { .. } => places.min()?,
        };
        let mut taken = Vec::new();
        for reading in readings {
            if reading.rows.front().is_some_and(|row| place(row) == next) {
                taken.extend(reading.rows.pop_front());
            }
        }
        Some((next, taken))
    }
}

/// Reads on in every source whose next row is not known, while there are requests left; true when
/// something was read. What moves between the sources is met in at least one of them: the later
/// ones are read as of now, and once more whenever an earlier one was read on.
async fn fill<R: DeserializeOwned>(
    readings: &mut [Reading<R>],
    (dynamo, table): (&Dynamo, Table),
    (order, limit, from): (&Order, usize, &str),
    moving: bool,
    requests: &mut usize,
    place: impl Fn(&R) -> String,
) -> Result<bool> {
    let mut read = false;
    for at in 0..readings.len() {
        let (earlier, later) = readings.split_at_mut(at + 1);
        let Some(reading) = earlier.last_mut() else {
            break;
        };
        if !reading.is_dry() || *requests == 0 {
            continue;
        }
        *requests -= 1;
        read = true;
        let consistency = if moving && at > 0 {
            Consistency::Strong
        } else {
            Consistency::Eventual
        };
        let to = (order, limit, consistency);
        reading.read_on(dynamo, table, to, &place).await?;
        if moving {
            for reading in later {
                reading.rewind(from);
            }
        }
    }
    Ok(read)
}

impl<R: DeserializeOwned> Reading<R> {
    /// True when the next row of it is not known yet.
    fn is_dry(&self) -> bool {
        self.rows.is_empty() && self.beyond.is_some()
    }

    /// Lets it be read once more, from beyond this place on.
    fn rewind(&mut self, beyond: &str) {
        self.rows.clear();
        self.beyond = Some(beyond.to_owned());
    }

    async fn read_on(
        &mut self,
        dynamo: &Dynamo,
        table: Table,
        (order, limit, consistency): (&Order, usize, Consistency),
        place: impl Fn(&R) -> String,
    ) -> Result<()> {
        let Some(beyond) = self.beyond.take() else {
            return Ok(());
        };
        let Some(range) = order.range(&beyond) else {
            return Ok(());
        };
        let stretch = Stretch {
            index: self.source.index,
            pk: self.source.pk.clone(),
            range,
            limit,
            consistency,
        };
        let found = dynamo.query(table, stretch).await?;
        let more = found.len() == limit;
        for item in found {
            let row = decode::<Item<R>>(item)?.body;
            self.beyond = Some(place(&row));
            self.rows.push_back(row);
        }
        // A range that names both ends holds the row at which the last page ended.
        if self.rows.front().is_some_and(|row| place(row) == beyond) {
            self.rows.pop_front();
        }
        if !more {
            self.beyond = None;
        }
        Ok(())
    }
}
