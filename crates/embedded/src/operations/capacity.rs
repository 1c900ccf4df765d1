//! Capacity units, as DynamoDB counts them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::item::Key;
use crate::requests::ReturnConsumedCapacity;
use crate::store::{Index, StoredItem};

/// Bytes that one read unit covers.
const READ_UNIT: usize = 4096;
/// Bytes that one write unit covers.
const WRITE_UNIT: usize = 1024;

/// Units of a read of items with this total size.
pub(super) fn read_units(bytes: usize, is_consistent: bool) -> f64 {
    let units = units(bytes, READ_UNIT);
    if is_consistent { units } else { units / 2.0 }
}

/// Units of a write in a table, by the size of the larger of the old and the new item.
pub(super) fn write_units(bytes: usize) -> f64 {
    units(bytes, WRITE_UNIT)
}

/// An item and its key in an index.
type IndexEntry<'a> = (&'a Key, &'a StoredItem);

/// Units of a write in an index, or nothing if its entry does not change. A changed key is a deletion
/// and an insertion.
pub(super) fn units_of_index(
    old: Option<IndexEntry<'_>>,
    new: Option<IndexEntry<'_>>,
) -> Option<f64> {
    match (old, new) {
        (None, None) => None,
        (Some((_, entry)), None) | (None, Some((_, entry))) => Some(write_units(entry.size)),
        (Some((old_key, old)), Some((new_key, new))) if old_key != new_key => {
            Some(write_units(old.size) + write_units(new.size))
        }
        (Some((_, old)), Some((_, new))) if old.json == new.json => None,
        (Some((_, old)), Some((_, new))) => Some(write_units(old.size.max(new.size))),
    }
}

fn units(bytes: usize, unit: usize) -> f64 {
    let units = bytes.div_ceil(unit).max(1);
    f64::from(u32::try_from(units).unwrap_or(u32::MAX))
}

/// The units that a request consumed in one table.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct TableUnits {
    pub(super) table: f64,
    pub(super) indexes: BTreeMap<String, f64>,
}

impl TableUnits {
    pub(super) fn of_table(units: f64) -> Self {
        Self {
            table: units,
            indexes: BTreeMap::new(),
        }
    }

    pub(super) fn of_index(index: &str, units: f64) -> Self {
        Self {
            table: 0.0,
            indexes: [(index.to_owned(), units)].into(),
        }
    }

    pub(super) fn add_index(&mut self, index: &Index, units: f64) {
        let sum = self
            .indexes
            .entry(index.definition.name.clone())
            .or_default();
        *sum += units;
    }

    pub(super) fn add(&mut self, other: Self) {
        self.table += other.table;
        for (index, units) in other.indexes {
            *self.indexes.entry(index).or_default() += units;
        }
    }

    /// The member `ConsumedCapacity` of a response, if it was requested.
    pub(super) fn consumed(
        self,
        table: &str,
        requested: ReturnConsumedCapacity,
        axis: CapacityAxis,
    ) -> Option<ConsumedCapacity<'_>> {
        let total: f64 = self.table + self.indexes.values().sum::<f64>();
        let detail = match requested {
            ReturnConsumedCapacity::None => return None,
            ReturnConsumedCapacity::Total => None,
            ReturnConsumedCapacity::Indexes => Some(self),
        };
        let (table_units, indexes) = detail.map_or((None, BTreeMap::new()), |detail| {
            (Some(detail.table), detail.indexes)
        });
        Some(ConsumedCapacity {
            table_name: table,
            units: axis.units(total),
            table: table_units.map(|units| axis.units(units)),
            indexes: indexes
                .into_iter()
                .map(|(name, units)| (name, axis.units(units)))
                .collect(),
        })
    }
}

/// The member `ConsumedCapacity` of a response about several tables, if it was requested.
pub(super) fn consumed_by_table(
    units: &BTreeMap<String, TableUnits>,
    requested: ReturnConsumedCapacity,
    axis: CapacityAxis,
) -> Option<Vec<ConsumedCapacity<'_>>> {
    let tables = units.iter();
    tables
        .map(|(table, units)| units.clone().consumed(table, requested, axis))
        .collect()
}

/// Whether a response repeats the units as read or write units. Only transactions do.
#[derive(Debug, Clone, Copy)]
pub(super) enum CapacityAxis {
    Plain,
    Read,
    Write,
}

impl CapacityAxis {
    fn units(self, units: f64) -> Units {
        Units {
            total: units,
            read: matches!(self, Self::Read).then_some(units),
            write: matches!(self, Self::Write).then_some(units),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConsumedCapacity<'a> {
    table_name: &'a str,
    #[serde(flatten)]
    units: Units,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Units>,
    #[serde(
        rename = "GlobalSecondaryIndexes",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    indexes: BTreeMap<String, Units>,
}

#[derive(Debug, Serialize)]
struct Units {
    #[serde(rename = "CapacityUnits")]
    total: f64,
    #[serde(rename = "ReadCapacityUnits", skip_serializing_if = "Option::is_none")]
    read: Option<f64>,
    #[serde(rename = "WriteCapacityUnits", skip_serializing_if = "Option::is_none")]
    write: Option<f64>,
}
