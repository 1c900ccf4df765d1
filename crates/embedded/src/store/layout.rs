//! The SQL tables of a DynamoDB table, and the statements on them.
//!
//! `items_<id>` holds the items by key. A table without a sort key stores the empty string, which is not
//! a valid key. `expires_at` is the time to live in tables that have one; the SQL index `expiry_<id>`
//! finds expired items. `index_<id>_<number>` holds only keys: those of the index, then those of the item.

use super::catalog::{IndexDefinition, TableDefinition};

/// A table that a session has loaded.
#[derive(Debug)]
pub(crate) struct Table {
    pub(super) id: i64,
    pub(crate) name: String,
    pub(crate) definition: TableDefinition,
    pub(super) sql: TableSql,
    pub(crate) indexes: Vec<Index>,
}

/// An index of a loaded table.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) definition: IndexDefinition,
    pub(super) sql: IndexSql,
}

/// Statements on the items of a table. Parameters 1 and 2 are the key.
#[derive(Debug)]
pub(super) struct TableSql {
    pub(super) create: String,
    pub(super) drop: String,
    pub(super) get: String,
    pub(super) put: String,
    pub(super) delete: String,
    pub(super) count: String,
    pub(super) create_expiry: String,
    pub(super) drop_expiry: String,
    pub(super) expired: String,
    pub(super) set_expiry: String,
}

/// Statements on the entries of an index. Parameters 1 to 4 are the keys of the index and the item.
#[derive(Debug)]
pub(super) struct IndexSql {
    pub(super) create: String,
    pub(super) drop: String,
    pub(super) insert: String,
    pub(super) delete: String,
}

impl Table {
    pub(super) fn new(id: i64, name: &str, definition: TableDefinition) -> Self {
        let indexes = definition.indexes.iter().map(|index| Index {
            definition: index.clone(),
            sql: IndexSql::new(id, index.number),
        });
        Self {
            id,
            name: name.to_owned(),
            indexes: indexes.collect(),
            sql: TableSql::new(id),
            definition,
        }
    }

    /// Returns the index with this name.
    pub(crate) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes
            .iter()
            .find(|index| index.definition.name == name)
    }

    pub(super) fn items(&self) -> String {
        items_table(self.id)
    }

    pub(super) fn entries(&self, index: &Index) -> String {
        index_table(self.id, index.definition.number)
    }
}

impl TableSql {
    fn new(id: i64) -> Self {
        let items = items_table(id);
        Self {
            create: format!(
                "CREATE TABLE {items} (pk TEXT NOT NULL, sk TEXT NOT NULL, size INTEGER NOT NULL, \
                 expires_at INTEGER, item TEXT NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID"
            ),
            drop: format!("DROP TABLE {items}"),
            get: format!("SELECT size, item FROM {items} WHERE pk = ?1 AND sk = ?2"),
            put: format!(
                "INSERT INTO {items} (pk, sk, size, expires_at, item) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT DO UPDATE SET size = excluded.size, \
                 expires_at = excluded.expires_at, item = excluded.item"
            ),
            delete: format!("DELETE FROM {items} WHERE pk = ?1 AND sk = ?2"),
            count: format!("SELECT count(*) FROM {items}"),
            create_expiry: format!(
                "CREATE INDEX expiry_{id} ON {items} (expires_at) WHERE expires_at IS NOT NULL"
            ),
            drop_expiry: format!("DROP INDEX expiry_{id}"),
            expired: format!(
                "SELECT pk, sk FROM {items} WHERE expires_at < unixepoch() LIMIT ?1"
            ),
            set_expiry: format!("UPDATE {items} SET expires_at = ?3 WHERE pk = ?1 AND sk = ?2"),
        }
    }
}

impl IndexSql {
    fn new(table: i64, number: u32) -> Self {
        let entries = index_table(table, number);
        Self {
            create: format!(
                "CREATE TABLE {entries} (index_pk TEXT NOT NULL, index_sk TEXT NOT NULL, \
                 pk TEXT NOT NULL, sk TEXT NOT NULL, \
                 PRIMARY KEY (index_pk, index_sk, pk, sk)) WITHOUT ROWID"
            ),
            drop: format!("DROP TABLE {entries}"),
            insert: format!("INSERT INTO {entries} VALUES (?1, ?2, ?3, ?4)"),
            delete: format!(
                "DELETE FROM {entries} \
                 WHERE index_pk = ?1 AND index_sk = ?2 AND pk = ?3 AND sk = ?4"
            ),
        }
    }
}

fn items_table(id: i64) -> String {
    format!("items_{id}")
}

fn index_table(id: i64, number: u32) -> String {
    format!("index_{id}_{number}")
}
