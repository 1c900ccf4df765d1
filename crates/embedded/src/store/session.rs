use std::cell::{RefCell, RefMut};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::catalog::{self, TableDefinition};
use super::layout::{Index, Table};
use super::tokens::TransactionTokens;
use super::{IndexDefinition, RequestFailure};
use crate::api_error::{ErrorKind, RequestError};

/// One connection and the tables that it has loaded.
///
/// Another connection may create tables and indexes at any time. Each such change increments the schema
/// version of SQLite, which tells a session that its tables are outdated.
#[derive(Debug)]
pub(crate) struct SqlSession {
    pub(super) connection: Connection,
    loaded: RefCell<LoadedTables>,
    transactions: RefCell<TransactionTokens>,
}

#[derive(Debug, Default)]
struct LoadedTables {
    schema_version: i64,
    by_name: HashMap<String, Arc<Table>>,
}

impl SqlSession {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            loaded: RefCell::default(),
            transactions: RefCell::default(),
        }
    }

    /// Runs a statement without parameters and rows.
    pub(super) fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Runs several reads on the same state of the database.
    pub(crate) fn snapshot<T>(
        &self,
        work: impl FnOnce() -> Result<T, RequestFailure>,
    ) -> Result<T, RequestFailure> {
        // Rolls back when it is dropped, which ends a read.
        let _transaction = self.connection.unchecked_transaction()?;
        work()
    }

    /// Forgets what was loaded in a transaction that failed.
    pub(super) fn forget(&self) {
        self.loaded.borrow_mut().by_name.clear();
        self.transactions.borrow_mut().clear();
    }

    /// The last transactions of this session.
    pub(crate) fn transactions(&self) -> RefMut<'_, TransactionTokens> {
        self.transactions.borrow_mut()
    }

    /// Forgets the loaded tables if the schema changed, and returns whether it did.
    pub(super) fn refresh(&self) -> rusqlite::Result<bool> {
        let version = self
            .connection
            .prepare_cached("PRAGMA schema_version")?
            .query_one([], |row| row.get(0))?;
        let mut loaded = self.loaded.borrow_mut();
        if loaded.schema_version == version {
            return Ok(false);
        }
        *loaded = LoadedTables {
            schema_version: version,
            by_name: HashMap::new(),
        };
        Ok(true)
    }

    /// Returns the table with this name, if there is one.
    pub(crate) fn find_table(&self, name: &str) -> Result<Option<Arc<Table>>, RequestFailure> {
        if let Some(table) = self.loaded.borrow().by_name.get(name) {
            return Ok(Some(Arc::clone(table)));
        }
        let Some((id, definition)) = catalog::find(&self.connection, name)? else {
            return Ok(None);
        };
        let table = Arc::new(Table::new(id, name, definition));
        let mut loaded = self.loaded.borrow_mut();
        loaded.by_name.insert(name.to_owned(), Arc::clone(&table));
        Ok(Some(table))
    }

    /// Returns the table with this name, for an operation on items.
    pub(crate) fn table(&self, name: &str) -> Result<Arc<Table>, RequestFailure> {
        let found = self.find_table(name)?;
        found.ok_or_else(|| not_found("Requested resource not found"))
    }

    /// Returns the table with this name as it is stored now, for an operation on the table itself.
    pub(crate) fn described_table(&self, name: &str) -> Result<Arc<Table>, RequestFailure> {
        self.loaded.borrow_mut().by_name.remove(name);
        let found = self.find_table(name)?;
        found.ok_or_else(|| {
            not_found(&format!(
                "Requested resource not found: Table: {name} not found"
            ))
        })
    }

    /// Returns the time in seconds since 1970.
    pub(crate) fn now(&self) -> Result<u64, RequestFailure> {
        let mut statement = self.connection.prepare_cached("SELECT unixepoch()")?;
        Ok(statement.query_one([], |row| row.get(0))?)
    }

    /// Returns up to `limit` table names after `start`, in order.
    pub(crate) fn table_names(
        &self,
        start: &str,
        limit: usize,
    ) -> Result<Vec<String>, RequestFailure> {
        catalog::names(&self.connection, start, limit)
    }

    pub(crate) fn create_table(
        &self,
        name: &str,
        definition: TableDefinition,
    ) -> Result<Arc<Table>, RequestFailure> {
        let id = catalog::insert(&self.connection, name, &definition)?;
        let table = Table::new(id, name, definition);
        self.connection.execute_batch(&table.sql.create)?;
        for index in &table.indexes {
            self.connection.execute_batch(&index.sql.create)?;
        }
        Ok(Arc::new(table))
    }

    pub(crate) fn delete_table(&self, table: &Table) -> Result<(), RequestFailure> {
        for index in &table.indexes {
            self.connection.execute_batch(&index.sql.drop)?;
        }
        self.connection.execute_batch(&table.sql.drop)?;
        catalog::delete(&self.connection, table.id)?;
        self.loaded.borrow_mut().by_name.remove(&table.name);
        Ok(())
    }

    /// Replaces the definition of a table. Its indexes stay the same.
    pub(crate) fn redefine(
        &self,
        table: &Table,
        definition: TableDefinition,
    ) -> Result<Arc<Table>, RequestFailure> {
        catalog::update(&self.connection, table.id, &definition)?;
        // Loaded again by the next request, because this one may be rolled back.
        self.loaded.borrow_mut().by_name.remove(&table.name);
        Ok(Arc::new(Table::new(table.id, &table.name, definition)))
    }

    /// Adds an empty index.
    pub(crate) fn add_index(
        &self,
        table: &Table,
        index: IndexDefinition,
    ) -> Result<Arc<Table>, RequestFailure> {
        let name = index.name.clone();
        let mut definition = table.definition.clone();
        definition.add_index(index)?;
        let table = self.redefine(table, definition)?;
        if let Some(index) = table.index(&name) {
            self.connection.execute_batch(&index.sql.create)?;
        }
        Ok(table)
    }

    pub(crate) fn drop_index(
        &self,
        table: &Table,
        index: &Index,
    ) -> Result<Arc<Table>, RequestFailure> {
        self.connection.execute_batch(&index.sql.drop)?;
        let mut definition = table.definition.clone();
        let kept = |kept: &IndexDefinition| kept.number != index.definition.number;
        definition.indexes.retain(kept);
        self.redefine(table, definition)
    }
}

fn not_found(message: &str) -> RequestFailure {
    RequestError::new(ErrorKind::ResourceNotFound, message).into()
}

/// The write-ahead log after a checkpoint.
pub(super) struct LogPages {
    pub(super) pages: i64,
    /// Pages that were already copied to the database.
    pub(super) copied: i64,
}

impl SqlSession {
    /// Runs a checkpoint of this mode.
    pub(super) fn checkpoint(&self, mode: &str) -> rusqlite::Result<LogPages> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        self.connection.prepare_cached(&sql)?.query_one([], |row| {
            Ok(LogPages {
                pages: row.get(1)?,
                copied: row.get(2)?,
            })
        })
    }
}

impl SqlSession {
    /// Copies the database into the empty file `path`.
    pub(super) fn copy_into(&self, path: &Path) -> rusqlite::Result<()> {
        let path = path
            .to_str()
            .ok_or_else(|| rusqlite::Error::InvalidPath(path.into()))?;
        self.connection.execute("VACUUM INTO ?1", [path]).map(drop)
    }
}
