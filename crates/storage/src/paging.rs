//! Pages of lists. A cursor is the sort key of the last visited row, so concurrent inserts and
//! deletes do not repeat or skip other rows.

use std::collections::VecDeque;

use serde::de::DeserializeOwned;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    values::Timestamp,
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::decode_body,
    keys::{self, Table},
};

/// Maximum number of requests of a page in addition to one per partition. A page that reaches it is
/// short or empty, and has a cursor.
const EXTRA_REQUESTS: usize = 3;

/// Rows of each extra request of a filtered list. With rows of 1 KB, the requests of a page read
/// half a megabyte, which is 64 read units.
const FILTERED_ROWS: usize = 128;

/// A list: one partition, or several merged by sort key.
pub(crate) struct ListQuery {
    table: Table,
    partitions: Vec<ListPartition>,
    order: ListOrder,
    /// Name in cursors; by default the names of the partitions.
    name: Option<String>,
    /// Minimum number of rows of an extra request.
    step: usize,
    requests: usize,
    /// Whether rows can move from earlier to later partitions during the read.
    moving: bool,
}

/// The direction of a list and its bounds.
#[derive(Debug, Clone)]
enum ListOrder {
    /// Descending from below `top` to `bottom`, which is included.
    NewestFirst { top: String, bottom: Option<String> },
    /// Ascending from `bottom` to `top`, both included.
    OldestFirst { bottom: String, top: String },
}

/// A partition of a table or of an index.
#[derive(Debug, Clone)]
pub(crate) struct ListPartition {
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
}

/// The position in one partition.
struct PartitionReader<R> {
    partition: ListPartition,
    /// Rows that were read but not visited, in the order of the list.
    rows: VecDeque<R>,
    /// The next request starts after this sort key; `None` at the end of the partition.
    after: Option<String>,
}

impl ListQuery {
    /// A partition of a table in descending order.
    pub(crate) fn of(table: Table, pk: String, top: String) -> Self {
        Self::of_partitions(table, vec![ListPartition { index: None, pk }], top)
    }

    /// Several partitions in descending order.
    pub(crate) fn of_partitions(table: Table, partitions: Vec<ListPartition>, top: String) -> Self {
        Self {
            table,
            requests: partitions.len() + EXTRA_REQUESTS,
            partitions,
            order: ListOrder::NewestFirst { top, bottom: None },
            name: None,
            step: 0,
            moving: false,
        }
    }

    /// Reads in ascending order from above `bottom`.
    pub(crate) fn oldest_first(mut self, bottom: String) -> Self {
        let top = keys::end_of_list();
        self.order = ListOrder::OldestFirst { bottom, top };
        self
    }

    /// Excludes rows above `newest` from a list in ascending order.
    pub(crate) fn up_to(mut self, newest: String) -> Self {
        if let ListOrder::OldestFirst { top, .. } = &mut self.order {
            *top = newest;
        }
        self
    }

    /// Excludes rows below `oldest`.
    pub(crate) fn down_to(mut self, oldest: Option<String>) -> Self {
        if let ListOrder::NewestFirst { bottom, .. } = &mut self.order {
            *bottom = oldest;
        }
        self
    }

    /// Sets the name in cursors.
    pub(crate) fn named(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// Finds rows that move from earlier to later partitions during the read.
    pub(crate) fn moving(mut self) -> Self {
        self.moving = self.partitions.len() > 1;
        self
    }

    /// Expects that a filter rejects most rows.
    pub(crate) fn filtered(mut self) -> Self {
        self.step = FILTERED_ROWS;
        self
    }

    /// Subtracts requests that were already sent for this page.
    pub(crate) fn after_requests(mut self, sent: usize) -> Self {
        self.requests = self
            .requests
            .saturating_sub(sent)
            .max(self.partitions.len());
        self
    }

    fn name(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let names = self.partitions.iter().map(|partition| {
            let index = partition.index.map_or("pk", |(index, ..)| index);
            format!("{index}/{}", partition.pk)
        });
        names.collect::<Vec<_>>().join("+")
    }

    /// Reads one page of the rows that `show` accepts, and one row more to know whether another page
    /// exists. Rows of several partitions with the same sort key are one row.
    pub(crate) async fn page<R, T>(
        self,
        dynamo: &Dynamo,
        cursors: &CursorKeys,
        (now, page): (Timestamp, &PageRequest),
        sort_key: impl Fn(&R) -> String,
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
        let mut readers: Vec<_> = self
            .partitions
            .into_iter()
            .map(|partition| PartitionReader {
                partition,
                rows: VecDeque::new(),
                after: Some(begin.clone()),
            })
            .collect();
        let limit = page.limit.get();
        let mut wanted = limit + 1;
        let (mut items, mut last, mut visited) = (Vec::new(), None, None);
        let more = loop {
            let from = visited.as_ref().unwrap_or(&begin);
            let (to, left) = ((&self.order, wanted, from.as_str()), &mut requests);
            let table = (dynamo, self.table);
            if fill(&mut readers, table, to, self.moving, left, &sort_key).await? {
                wanted = wanted.max(self.step);
            }
            if readers.iter().any(PartitionReader::is_empty) {
                // The next row may be in a partition without buffered rows.
                break visited;
            }
            let Some((next, rows)) = self.order.pop(&mut readers, &sort_key) else {
                break None;
            };
            visited = Some(next.clone());
            // One partition can hold the current row, and another the planned one.
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
        let next = more.map(|sort_key| cursors.seal(&name, &sort_key, now));
        Ok(Page { items, next })
    }
}

impl ListOrder {
    /// The sort key after which a page starts.
    fn begin(&self, cursor: Option<String>) -> String {
        match (self, cursor) {
            (Self::NewestFirst { top, .. }, Some(cursor)) => cursor.min(top.clone()),
            (Self::NewestFirst { top, .. }, None) => top.clone(),
            (Self::OldestFirst { bottom, .. }, Some(cursor)) => cursor.max(bottom.clone()),
            (Self::OldestFirst { bottom, .. }, None) => bottom.clone(),
        }
    }

    /// The rest of the list after a sort key.
    fn range(&self, after: &str) -> Option<KeyRange> {
        match self {
            Self::NewestFirst { bottom: None, .. } => Some(KeyRange::Below(after.to_owned())),
            Self::NewestFirst {
                bottom: Some(bottom),
                ..
            } => {
                let ends = [bottom.clone(), after.to_owned()];
                (bottom.as_str() < after).then_some(KeyRange::Between(ends))
            }
            Self::OldestFirst { top, .. } => {
                let ends = [after.to_owned(), top.clone()];
                (after <= top.as_str()).then_some(KeyRange::Ascending(ends))
            }
        }
    }

    /// Removes the next row from every partition that has it, and returns it in their order.
    fn pop<R>(
        &self,
        readers: &mut [PartitionReader<R>],
        sort_key: impl Fn(&R) -> String,
    ) -> Option<(String, Vec<R>)> {
        let heads = readers.iter().filter_map(|reader| reader.rows.front());
        let keys = heads.map(&sort_key);
        let next = match self {
            Self::NewestFirst { .. } => keys.max()?,
            Self::OldestFirst { .. } => keys.min()?,
        };
        let is_next = |row: &mut R| sort_key(row) == next;
        let rows = readers
            .iter_mut()
            .filter_map(|reader| reader.rows.pop_front_if(is_next))
            .collect();
        Some((next, rows))
    }
}

/// Reads the next rows of every partition without buffered rows, while requests are left. Returns
/// whether it sent a request. A row that moves between partitions is found in at least one: later
/// partitions are read with strong consistency, and again after each read of an earlier one.
async fn fill<R: DeserializeOwned>(
    readers: &mut [PartitionReader<R>],
    (dynamo, table): (&Dynamo, Table),
    (order, limit, from): (&ListOrder, usize, &str),
    moving: bool,
    requests: &mut usize,
    sort_key: impl Fn(&R) -> String,
) -> Result<bool> {
    let mut read = false;
    for at in 0..readers.len() {
        let (earlier, later) = readers.split_at_mut(at + 1);
        let Some(reader) = earlier.last_mut() else {
            break;
        };
        if !reader.is_empty() || *requests == 0 {
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
        reader.read_next(dynamo, table, to, &sort_key).await?;
        if moving {
            for reader in later {
                reader.rewind(from);
            }
        }
    }
    Ok(read)
}

impl<R: DeserializeOwned> PartitionReader<R> {
    /// Whether the next row must be read.
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.after.is_some()
    }

    /// Continues after an earlier sort key.
    fn rewind(&mut self, after: &str) {
        self.rows.clear();
        self.after = Some(after.to_owned());
    }

    async fn read_next(
        &mut self,
        dynamo: &Dynamo,
        table: Table,
        (order, limit, consistency): (&ListOrder, usize, Consistency),
        sort_key: impl Fn(&R) -> String,
    ) -> Result<()> {
        let Some(after) = self.after.take() else {
            return Ok(());
        };
        let Some(range) = order.range(&after) else {
            return Ok(());
        };
        let query = RangeQuery {
            index: self.partition.index,
            pk: self.partition.pk.clone(),
            range,
            limit,
            consistency,
        };
        let found = dynamo.query(table, query).await?;
        let more = found.len() == limit;
        for item in found {
            let row = decode_body::<R>(item)?;
            self.after = Some(sort_key(&row));
            self.rows.push_back(row);
        }
        // A range with two ends includes the last row of the previous request.
        if self.rows.front().is_some_and(|row| sort_key(row) == after) {
            self.rows.pop_front();
        }
        if !more {
            self.after = None;
        }
        Ok(())
    }
}
