use std::collections::{BTreeMap, BTreeSet};

use super::body::{JsonList, ResponseBody};
use super::capacity::{CapacityAxis, TableUnits, consumed_by_table, read_units};
use super::item_write::{Change, ItemWrite, NewItem};
use super::{ExecuteRead, ExecuteWrite};
use crate::api_error::RequestError;
use crate::requests::{
    BatchGetItemRequest, BatchWriteItemRequest, KeysRequest, ReturnConsumedCapacity,
    ReturnValuesOnFailure, WriteRequest,
};
use crate::store::{RequestFailure, SqlSession};

/// Maximum number of keys of a batch of reads.
const MAX_KEYS: usize = 100;
/// Maximum number of writes of a batch.
const MAX_WRITES: usize = 25;
/// A response has no more items after this many bytes; their keys are returned as unprocessed.
const MAX_RESPONSE_BYTES: usize = 16 * 1024 * 1024;
/// A batch with at most this many keys runs on the thread of its caller.
const SHORT_KEYS: usize = 25;

const DUPLICATES: &str = "Provided list of item keys contains duplicates";

/// `BatchGetItem`.
pub(super) struct BatchGet(BatchGetItemRequest);

impl BatchGet {
    pub(super) fn new(request: BatchGetItemRequest) -> Result<Self, RequestError> {
        let batch = Self(request);
        match batch.keys() {
            1..=MAX_KEYS => Ok(batch),
            0 => Err(RequestError::validation(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: \
                 Member must have length greater than or equal to 1",
            )),
            _ => Err(RequestError::validation(
                "Too many items requested for the BatchGetItem call",
            )),
        }
    }

    fn keys(&self) -> usize {
        let tables = self.0.request_items.values();
        tables.map(|table| table.keys.len()).sum()
    }
}

impl ExecuteRead for BatchGet {
    fn run(&self, session: &SqlSession) -> Result<String, RequestFailure> {
        session.snapshot(|| {
            let mut found = Found::default();
            for (table, request) in &self.0.request_items {
                found.read(session, table, request)?;
            }
            found.body(self.0.return_consumed_capacity)
        })
    }

    fn is_short(&self) -> bool {
        self.keys() <= SHORT_KEYS
    }
}

/// The items that a batch has read.
#[derive(Default)]
struct Found {
    /// Items by table.
    responses: BTreeMap<String, JsonList>,
    units: BTreeMap<String, TableUnits>,
    /// The keys or writes that a client must request again, by table.
    unprocessed: BTreeMap<String, String>,
    bytes: usize,
}

impl Found {
    fn read(
        &mut self,
        session: &SqlSession,
        name: &str,
        request: &KeysRequest,
    ) -> Result<(), RequestFailure> {
        let table = session.table(name)?;
        let schema = &table.definition.key;
        let keys = request.keys.iter().map(|key| schema.key_of_request(key));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        if keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
            return Err(RequestError::validation(DUPLICATES).into());
        }
        let (mut items, mut left) = (JsonList::new(), JsonList::new());
        let mut units = 0.0;
        for (key, requested) in keys.iter().zip(&request.keys) {
            let item = session.get(&table, key)?.map(|found| found.stored);
            let size = item.as_ref().map_or(0, |item| item.size);
            if self.bytes + size > MAX_RESPONSE_BYTES {
                left.push(&requested.to_json());
                continue;
            }
            self.bytes += size;
            units += read_units(size, request.consistent_read);
            if let Some(item) = item {
                items.push(&item.json);
            }
        }
        self.responses.insert(name.to_owned(), items);
        self.units
            .insert(name.to_owned(), TableUnits::of_table(units));
        if !left.is_empty() {
            let mut keys = ResponseBody::new();
            keys.json("Keys", &left.finish());
            if request.consistent_read {
                keys.json("ConsistentRead", "true");
            }
            self.unprocessed.insert(name.to_owned(), keys.finish());
        }
        Ok(())
    }

    fn body(self, capacity: ReturnConsumedCapacity) -> Result<String, RequestFailure> {
        let mut responses = ResponseBody::new();
        for (table, items) in self.responses {
            responses.json(&table, &items.finish());
        }
        let mut unprocessed = ResponseBody::new();
        for (table, keys) in &self.unprocessed {
            unprocessed.json(table, keys);
        }
        let mut body = ResponseBody::new();
        body.json("Responses", &responses.finish());
        body.json("UnprocessedKeys", &unprocessed.finish());
        let consumed = consumed_by_table(&self.units, capacity, CapacityAxis::Plain);
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        Ok(body.finish())
    }
}

/// `BatchWriteItem`.
pub(super) struct BatchWrite {
    writes: Vec<ItemWrite>,
    capacity: ReturnConsumedCapacity,
}

impl BatchWrite {
    pub(super) fn new(request: BatchWriteItemRequest) -> Result<Self, RequestError> {
        let entries = request
            .request_items
            .into_iter()
            .flat_map(|(table, entries)| {
                let entries = entries.into_iter();
                entries.map(move |entry| write(table.clone(), entry))
            });
        let writes: Vec<_> = entries.collect::<Result<_, _>>()?;
        match writes.len() {
            1..=MAX_WRITES => Ok(Self {
                writes,
                capacity: request.return_consumed_capacity,
            }),
            0 => Err(RequestError::validation(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: \
                 Member must have length greater than or equal to 1",
            )),
            _ => Err(RequestError::validation(
                "Too many items requested for the BatchWriteItem call",
            )),
        }
    }
}

fn write(table: String, entry: WriteRequest) -> Result<ItemWrite, RequestError> {
    Ok(ItemWrite {
        table,
        change: match entry {
            WriteRequest::Put { item } => Change::Put(NewItem::new(item)?),
            WriteRequest::Delete { key } => Change::Delete(key),
        },
        condition: None,
        on_failure: ReturnValuesOnFailure::None,
    })
}

impl ExecuteWrite for BatchWrite {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let targets = self.writes.iter().map(|write| write.target(session));
        let targets: Vec<_> = targets.collect::<Result<_, _>>()?;
        let distinct: BTreeSet<_> = targets
            .iter()
            .map(|(table, key)| (&table.name, key))
            .collect();
        if distinct.len() < targets.len() {
            return Err(RequestError::validation(DUPLICATES).into());
        }
        let mut units: BTreeMap<String, TableUnits> = BTreeMap::new();
        for (write, target) in self.writes.into_iter().zip(targets) {
            let prepared = write.prepare(session, target)?;
            let consumed = prepared.apply(session)?;
            let table = prepared.table.name.clone();
            units.entry(table).or_default().add(consumed);
        }
        let mut body = ResponseBody::new();
        body.json("UnprocessedItems", "{}");
        let consumed = consumed_by_table(&units, self.capacity, CapacityAxis::Plain);
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        Ok(body.finish())
    }
}
