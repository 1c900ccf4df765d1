//! The items that a query or scan returns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::body::{JsonList, ResponseBody};
use super::capacity::{CapacityAxis, TableUnits};
use crate::item::KeySchema;
use crate::requests::ReturnConsumedCapacity;
use crate::store::{Index, RangeItem, RequestFailure, Table};

/// A page ends before the item with which it would be larger.
const MAX_BYTES: usize = 1024 * 1024;

/// The items that were read so far.
#[derive(Debug)]
pub(super) struct ResultPage {
    limit: Option<usize>,
    items: JsonList,
    count: usize,
    /// Total size of the items, as DynamoDB counts it.
    pub(super) bytes: usize,
    has_more: bool,
    /// The partition of an index that was read.
    pub(super) index_partition: String,
    last: LastItem,
}

/// The keys of the last item. Its strings are reused for each item.
#[derive(Debug, Default)]
struct LastItem {
    partition: String,
    sort: String,
    index_sort: String,
}

/// The table or index of the page.
#[derive(Debug, Clone, Copy)]
pub(super) enum PageSource<'a> {
    Table(&'a Table),
    Index(&'a Table, &'a Index),
}

/// A string value in the wire format.
#[derive(Debug, Serialize)]
struct StringValue<'a> {
    #[serde(rename = "S")]
    value: &'a str,
}

impl ResultPage {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self {
            limit,
            items: JsonList::new(),
            count: 0,
            bytes: 0,
            has_more: false,
            index_partition: String::new(),
            last: LastItem::default(),
        }
    }

    /// Adds an item, and returns whether the page takes another one.
    pub(super) fn push(&mut self, item: &RangeItem<'_>) -> bool {
        if self.count > 0 && self.bytes + item.size > MAX_BYTES {
            self.has_more = true;
            return false;
        }
        self.items.push(item.json);
        self.count += 1;
        self.bytes += item.size;
        self.last.set(item);
        // DynamoDB does not look whether another item follows the last one of the limit.
        self.has_more = self.limit == Some(self.count);
        !self.has_more
    }

    pub(super) fn body(
        self,
        source: PageSource<'_>,
        units: TableUnits,
        capacity: ReturnConsumedCapacity,
    ) -> Result<String, RequestFailure> {
        let mut body = ResponseBody::new();
        if self.has_more {
            body.value("LastEvaluatedKey", &self.last_key(source))?;
        }
        let (PageSource::Table(table) | PageSource::Index(table, _)) = source;
        let consumed = units.consumed(&table.name, capacity, CapacityAxis::Plain);
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        body.value("Count", &self.count)?;
        body.value("ScannedCount", &self.count)?;
        body.json("Items", &self.items.finish());
        Ok(body.finish())
    }

    /// The key attributes of the table, and of the index that was read.
    fn last_key<'a>(&'a self, source: PageSource<'a>) -> BTreeMap<&'a str, StringValue<'a>> {
        let last = &self.last;
        let (PageSource::Table(table) | PageSource::Index(table, _)) = source;
        let own = attributes(&table.definition.key, &last.partition, &last.sort);
        let of_index = match source {
            PageSource::Table(_) => None,
            PageSource::Index(_, index) => Some(attributes(
                &index.definition.key,
                &self.index_partition,
                &last.index_sort,
            )),
        };
        own.chain(of_index.into_iter().flatten()).collect()
    }
}

impl LastItem {
    fn set(&mut self, item: &RangeItem<'_>) {
        item.position.partition.clone_into(&mut self.partition);
        item.position.sort.clone_into(&mut self.sort);
        item.position
            .index_sort
            .unwrap_or_default()
            .clone_into(&mut self.index_sort);
    }
}

fn attributes<'a>(
    schema: &'a KeySchema,
    partition: &'a str,
    sort: &'a str,
) -> impl Iterator<Item = (&'a str, StringValue<'a>)> {
    let partition = (
        schema.partition.name.as_str(),
        StringValue { value: partition },
    );
    let sort = schema
        .sort
        .as_ref()
        .map(|attribute| (attribute.name.as_str(), StringValue { value: sort }));
    std::iter::once(partition).chain(sort)
}
