use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Statement};
use serde_json::Value;

use super::failure::TakeoverFailure;

/// Time to wait for other connections to the old file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A database file of dynoxide.
#[derive(Debug)]
pub(super) struct OldFile {
    connection: Connection,
}

/// The definition of a table, as dynoxide stores it.
#[derive(Debug)]
pub(super) struct OldTable {
    pub(super) name: String,
    /// `KeySchema`, `AttributeDefinitions` and `GlobalSecondaryIndexes` in the wire format.
    pub(super) key_schema: Value,
    pub(super) attribute_definitions: Value,
    pub(super) indexes: Vec<Value>,
    pub(super) time_to_live: Option<String>,
    pub(super) stream_view: Option<String>,
    pub(super) is_protected: bool,
}

impl OldTable {
    /// The names of the global secondary indexes.
    pub(super) fn index_names(&self) -> impl Iterator<Item = &str> {
        let names = self.indexes.iter().map(|index| &index["IndexName"]);
        names.filter_map(Value::as_str)
    }
}

impl OldFile {
    /// Whether `path` is a file of dynoxide. A file that cannot be opened is not; opening it again
    /// returns the error.
    pub(super) fn is_at(path: &Path) -> Result<bool, TakeoverFailure> {
        if !path.try_exists()? {
            return Ok(false);
        }
        match open(path).and_then(|connection| is_old(&connection)) {
            Ok(is_old) => Ok(is_old),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::ReadOnly) => {
                    Ok(false)
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Opens the file, moves its write-ahead log into it and locks out every other connection.
    pub(super) fn claim(path: &Path) -> Result<Self, TakeoverFailure> {
        let connection = open(path)?;
        // Fails or has no effect while another connection is open.
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))?;
        if mode != "delete" {
            return Err(TakeoverFailure::Running);
        }
        connection.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(Self { connection })
    }

    /// Bytes of the file.
    pub(super) fn size(&self) -> Result<u64, TakeoverFailure> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    pub(super) fn tables(&self) -> Result<Vec<OldTable>, TakeoverFailure> {
        let sql = "SELECT table_name, key_schema, attribute_definitions, gsi_definitions, \
            lsi_definitions, ttl_attribute, ttl_enabled, stream_enabled, stream_view_type, \
            deletion_protection_enabled FROM _tables ORDER BY table_name";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut tables = Vec::new();
        while let Some(row) = rows.next()? {
            tables.push(table(row)?);
        }
        Ok(tables)
    }

    /// Key and wire JSON of every item, in the order of keys: `pk`, `sk`, `item_json`.
    pub(super) fn items(&self, table: &str) -> Result<Statement<'_>, TakeoverFailure> {
        self.select("pk, sk, item_json", table)
    }

    /// The entries of an index in the order of their keys: `gsi_pk`, `gsi_sk`, `table_pk`, `table_sk`.
    pub(super) fn entries(
        &self,
        table: &str,
        index: &str,
    ) -> Result<Statement<'_>, TakeoverFailure> {
        let name = format!("{table}::gsi::{index}");
        self.select("gsi_pk, gsi_sk, table_pk, table_sk", &name)
    }

    fn select(&self, columns: &str, table: &str) -> Result<Statement<'_>, TakeoverFailure> {
        let name = table.replace('"', "\"\"");
        let sql = format!("SELECT {columns} FROM \"{name}\" ORDER BY {columns}");
        Ok(self.connection.prepare(&sql)?)
    }
}

/// Removes the prefix by which dynoxide marks a key of type S.
pub(super) fn key_text(stored: &str) -> Option<&str> {
    stored.strip_prefix("S:")
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

/// Every database of dynoxide has the table `_tables`, and no application id.
fn is_old(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_tables') \
        AND application_id = 0 FROM pragma_application_id";
    connection.query_row(sql, [], |row| row.get(0))
}

fn table(row: &Row<'_>) -> Result<OldTable, TakeoverFailure> {
    let name: String = row.get("table_name")?;
    let json = |column: &str| {
        let text: Option<String> = row.get(column)?;
        let parsed = serde_json::from_str(text.as_deref().unwrap_or("[]"));
        parsed.map_err(|error| TakeoverFailure::Definition {
            table: name.clone(),
            reason: format!("{column}: {error}"),
        })
    };
    let lists = |column: &str| match json(column)? {
        Value::Array(values) => Ok(values),
        _ => Ok::<_, TakeoverFailure>(Vec::new()),
    };
    if !lists("lsi_definitions")?.is_empty() {
        return Err(TakeoverFailure::Definition {
            table: name,
            reason: "local secondary indexes are not supported".to_owned(),
        });
    }
    let enabled = |switch: &str, column: &str| {
        let is_on = row.get::<_, Option<bool>>(switch)?.unwrap_or_default();
        let value: Option<String> = row.get(column)?;
        Ok::<_, TakeoverFailure>(value.filter(|_| is_on))
    };
    Ok(OldTable {
        key_schema: json("key_schema")?,
        attribute_definitions: json("attribute_definitions")?,
        indexes: lists("gsi_definitions")?,
        time_to_live: enabled("ttl_enabled", "ttl_attribute")?,
        stream_view: enabled("stream_enabled", "stream_view_type")?,
        is_protected: row
            .get::<_, Option<bool>>("deletion_protection_enabled")?
            .unwrap_or_default(),
        name,
    })
}
