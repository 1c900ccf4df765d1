//! The definitions of tables, one JSON document per table in the SQL table `catalog`.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::RequestFailure;
use crate::api_error::RequestError;
use crate::item::KeySchema;

/// `AUTOINCREMENT` never reuses the id of a deleted table, so that no connection confuses two tables.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS catalog (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL
)";

/// A table as its creator defined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableDefinition {
    pub(crate) key: KeySchema,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) indexes: Vec<IndexDefinition>,
    /// Number of the next index. Numbers are not reused.
    pub(crate) next_index: u32,
    /// Attribute with the time, in seconds since 1970, after which an item expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time_to_live: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stream_view: Option<String>,
    #[serde(default)]
    pub(crate) is_protected: bool,
    /// Seconds since 1970.
    pub(crate) created_at: u64,
}

/// A global secondary index with a projection of all attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexDefinition {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) key: KeySchema,
}

impl TableDefinition {
    /// Adds an index and gives it a number.
    pub(crate) fn add_index(&mut self, mut index: IndexDefinition) -> Result<(), RequestError> {
        if self.indexes.iter().any(|it| it.name == index.name) {
            return Err(RequestError::validation(format!(
                "One or more parameter values were invalid: Duplicate index name: {}",
                index.name
            )));
        }
        index.number = self.next_index;
        self.next_index += 1;
        self.indexes.push(index);
        Ok(())
    }
}

pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(CREATE)
}

/// Returns the id and the definition of a table.
pub(super) fn find(
    connection: &Connection,
    name: &str,
) -> Result<Option<(i64, TableDefinition)>, RequestFailure> {
    let row: Option<(i64, String)> = connection
        .prepare_cached("SELECT id, definition FROM catalog WHERE name = ?1")?
        .query_one([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(id, definition)| {
        let definition = serde_json::from_str(&definition).map_err(|error| {
            RequestFailure::Damaged(format!("definition of table {name}: {error}"))
        })?;
        Ok((id, definition))
    })
    .transpose()
}

/// Returns up to `limit` table names after `start`, in order.
pub(super) fn names(
    connection: &Connection,
    start: &str,
    limit: usize,
) -> Result<Vec<String>, RequestFailure> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection
        .prepare_cached("SELECT name FROM catalog WHERE name > ?1 ORDER BY name LIMIT ?2")?;
    let names = statement.query_map(params![start, limit], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Inserts a definition and returns the id of the table.
pub(super) fn insert(
    connection: &Connection,
    name: &str,
    definition: &TableDefinition,
) -> Result<i64, RequestFailure> {
    connection
        .prepare_cached("INSERT INTO catalog (name, definition) VALUES (?1, ?2)")?
        .execute(params![name, json(definition)])?;
    Ok(connection.last_insert_rowid())
}

pub(super) fn update(
    connection: &Connection,
    id: i64,
    definition: &TableDefinition,
) -> Result<(), RequestFailure> {
    connection
        .prepare_cached("UPDATE catalog SET definition = ?2 WHERE id = ?1")?
        .execute(params![id, json(definition)])?;
    Ok(())
}

pub(super) fn delete(connection: &Connection, id: i64) -> Result<(), RequestFailure> {
    connection
        .prepare_cached("DELETE FROM catalog WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

fn json(definition: &TableDefinition) -> String {
    serde_json::to_string(definition).expect("a definition has a form in JSON")
}
