//! Ranges of items: of a partition of a table or of an index, or of a whole table.

use std::ops::Bound;

use rusqlite::types::{ToSqlOutput, Value as SqlValue};
use rusqlite::{Row, ToSql, params_from_iter};

use super::layout::{Index, Table};
use super::{RequestFailure, SqlSession};
use crate::expressions::{KeyBounds, SortRange};
use crate::item::Key;

/// An item of a range and its position, from which the next page starts.
#[derive(Debug)]
pub(crate) struct RangeItem<'a> {
    pub(crate) id: i64,
    pub(crate) position: Position<'a>,
    /// Bytes, as DynamoDB counts them.
    pub(crate) size: usize,
    /// The item in the wire format of DynamoDB.
    pub(crate) json: &'a str,
}

/// A position in a range.
#[derive(Debug)]
pub(crate) struct Position<'a> {
    pub(crate) partition: &'a str,
    pub(crate) sort: &'a str,
    /// Sort key of the index.
    pub(crate) index_sort: Option<&'a str>,
}

/// The position after which a page of an index starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexPosition {
    pub(crate) index_sort: String,
    pub(crate) key: Key,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanDirection {
    Ascending,
    Descending,
}

impl ScanDirection {
    fn order(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }

    /// The comparison of positions that come after another one.
    fn after(self) -> &'static str {
        match self {
            Self::Ascending => ">",
            Self::Descending => "<",
        }
    }
}

/// A value of a key. In the order of SQLite a blob comes after every text.
enum KeyBound<'a> {
    Text(&'a str),
    End,
}

impl ToSql for KeyBound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(text) => ToSqlOutput::from(*text),
            Self::End => ToSqlOutput::Owned(SqlValue::Blob(Vec::new())),
        })
    }
}

/// The comparisons and values of the two ends of a range.
fn ends(range: &SortRange) -> [(&'static str, KeyBound<'_>); 2] {
    let from = match &range.from {
        Bound::Included(from) => (">=", KeyBound::Text(from)),
        Bound::Excluded(from) => (">", KeyBound::Text(from)),
        Bound::Unbounded => (">=", KeyBound::Text("")),
    };
    let to = match &range.to {
        Bound::Included(to) => ("<=", KeyBound::Text(to)),
        Bound::Excluded(to) => ("<", KeyBound::Text(to)),
        Bound::Unbounded => ("<", KeyBound::End),
    };
    [from, to]
}

impl SqlSession {
    /// Passes the items of a partition of a table to `visit`, in order, until it returns `false`. Starts
    /// after the sort key `start`.
    pub(crate) fn each_of_partition(
        &self,
        table: &Table,
        range: &KeyBounds,
        start: Option<&str>,
        direction: ScanDirection,
        visit: impl FnMut(RangeItem<'_>) -> Result<bool, RequestFailure>,
    ) -> Result<(), RequestFailure> {
        let [(from_is, from), (to_is, to)] = ends(&range.sort);
        let (keys, items, order) = (table.keys(), table.items(), direction.order());
        let mut values = vec![KeyBound::Text(&range.partition), from, to];
        let mut after = String::new();
        if let Some(start) = start {
            after = format!("AND k.sk {} ?4", direction.after());
            values.push(KeyBound::Text(start));
        }
        let sql = format!(
            "SELECT i.id, i.size, i.item, k.pk, k.sk FROM {keys} k \
             CROSS JOIN {items} i ON i.id = k.item_id \
             WHERE k.pk = ?1 AND k.sk {from_is} ?2 AND k.sk {to_is} ?3 {after} \
             ORDER BY k.sk {order}"
        );
        self.each(&sql, &values, visit)
    }

    /// Passes the items of a partition of an index to `visit`, in order, until it returns `false`.
    pub(crate) fn each_of_index(
        &self,
        (table, index): (&Table, &Index),
        range: &KeyBounds,
        start: Option<&IndexPosition>,
        direction: ScanDirection,
        visit: impl FnMut(RangeItem<'_>) -> Result<bool, RequestFailure>,
    ) -> Result<(), RequestFailure> {
        let [(from_is, from), (to_is, to)] = ends(&range.sort);
        let (items, entries, order) = (table.items(), table.entries(index), direction.order());
        let mut values = vec![KeyBound::Text(&range.partition), from, to];
        let mut after = String::new();
        if let Some(start) = start {
            after = format!(
                "AND (e.index_sk, e.pk, e.sk) {} (?4, ?5, ?6)",
                direction.after()
            );
            let position = [&start.index_sort, &start.key.partition, &start.key.sort];
            values.extend(position.map(|part| KeyBound::Text(part)));
        }
        // A cross join keeps the order of the tables: SQLite must not start with the items.
        let sql = format!(
            "SELECT i.id, i.size, i.item, e.pk, e.sk, e.index_sk FROM {entries} e \
             CROSS JOIN {items} i ON i.id = e.item_id \
             WHERE e.index_pk = ?1 AND e.index_sk {from_is} ?2 AND e.index_sk {to_is} ?3 {after} \
             ORDER BY e.index_sk {order}, e.pk {order}, e.sk {order}"
        );
        self.each(&sql, &values, visit)
    }

    /// Passes the items of a table after the key `start` to `visit`, in the order of their keys, until
    /// it returns `false`.
    pub(crate) fn each_of_table(
        &self,
        table: &Table,
        start: Option<&Key>,
        visit: impl FnMut(RangeItem<'_>) -> Result<bool, RequestFailure>,
    ) -> Result<(), RequestFailure> {
        let (keys, items) = (table.keys(), table.items());
        let sql = format!(
            "SELECT i.id, i.size, i.item, k.pk, k.sk FROM {keys} k \
             CROSS JOIN {items} i ON i.id = k.item_id \
             WHERE (k.pk, k.sk) > (?1, ?2) ORDER BY k.pk, k.sk"
        );
        // Keys are never empty, so all of them come after two empty strings.
        let (partition, sort) = start.map_or(("", ""), |key| (&key.partition, &key.sort));
        let values = [KeyBound::Text(partition), KeyBound::Text(sort)];
        self.each(&sql, &values, visit)
    }

    fn each(
        &self,
        sql: &str,
        values: &[KeyBound<'_>],
        mut visit: impl FnMut(RangeItem<'_>) -> Result<bool, RequestFailure>,
    ) -> Result<(), RequestFailure> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if !visit(range_item(row)?)? {
                break;
            }
        }
        Ok(())
    }
}

fn range_item<'a>(row: &'a Row<'_>) -> Result<RangeItem<'a>, RequestFailure> {
    let columns = row.as_ref().column_count();
    let position = Position {
        partition: text(row, 3)?,
        sort: text(row, 4)?,
        index_sort: (columns > 5).then(|| text(row, 5)).transpose()?,
    };
    Ok(RangeItem {
        id: row.get(0)?,
        position,
        size: row.get(1)?,
        json: text(row, 2)?,
    })
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, RequestFailure> {
    let value = row.get_ref(column)?;
    value
        .as_str()
        .map_err(|error| RequestFailure::Damaged(error.to_string()))
}
