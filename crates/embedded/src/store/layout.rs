//! The SQL tables of a DynamoDB table, and the statements on them.
//!
//! `items_<id>` holds the items in the order of their insertion, so that the items of one transaction
//! share pages. `keys_<id>` finds an item by its key. A table without a sort key stores the empty string,
//! which is not a valid key. `index_<id>_<number>` holds only keys: those of the index, then those of
//! the item. `expires_at` is the time to live in tables that have one; the SQL index `expiry_<id>` finds
//! expired items.

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

/// Statements on the items of a table.
#[derive(Debug)]
pub(super) struct TableSql {
    pub(super) create: String,
    pub(super) drop: String,
    /// By key.
    pub(super) get: String,
    pub(super) insert_item: String,
    pub(super) insert_key: String,
    /// By id.
    pub(super) update: String,
    /// By id.
    pub(super) delete_item: String,
    pub(super) delete_key: String,
    pub(super) count: String,
    pub(super) create_expiry: String,
    pub(super) drop_expiry: String,
    pub(super) expired: String,
    pub(super) set_expiry: String,
}

/// Statements on the entries of an index. Parameters 1 to 4 are the keys of the index and the item;
/// parameter 5 is the id of the item.
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
        let mut indexes: Vec<_> = indexes.collect();
        // DynamoDB names the first index in this order if several have an invalid key.
        indexes.sort_by(|one, other| one.definition.name.cmp(&other.definition.name));
        Self {
            id,
            name: name.to_owned(),
            indexes,
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

    pub(super) fn keys(&self) -> String {
        keys_table(self.id)
    }

    pub(super) fn entries(&self, index: &Index) -> String {
        index_table(self.id, index.definition.number)
    }
}

impl TableSql {
    fn new(id: i64) -> Self {
        let (items, keys) = (items_table(id), keys_table(id));
        Self {
            create: format!(
                "CREATE TABLE {items} (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, \
                 expires_at INTEGER, item TEXT NOT NULL);
                 CREATE TABLE {keys} (pk TEXT NOT NULL, sk TEXT NOT NULL, \
                 item_id INTEGER NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID"
            ),
            drop: format!("DROP TABLE {items}; DROP TABLE {keys}"),
            get: format!(
                "SELECT i.id, i.size, i.item FROM {keys} k CROSS JOIN {items} i ON i.id = k.item_id \
                 WHERE k.pk = ?1 AND k.sk = ?2"
            ),
            insert_item: format!(
                "INSERT INTO {items} (size, expires_at, item) VALUES (?1, ?2, ?3)"
            ),
            insert_key: format!("INSERT INTO {keys} (pk, sk, item_id) VALUES (?1, ?2, ?3)"),
            update: format!(
                "UPDATE {items} SET size = ?2, expires_at = ?3, item = ?4 WHERE id = ?1"
            ),
            delete_item: format!("DELETE FROM {items} WHERE id = ?1"),
            delete_key: format!("DELETE FROM {keys} WHERE pk = ?1 AND sk = ?2"),
            count: format!("SELECT count(*) FROM {keys}"),
            create_expiry: format!(
                "CREATE INDEX expiry_{id} ON {items} (expires_at) WHERE expires_at IS NOT NULL"
            ),
            drop_expiry: format!("DROP INDEX expiry_{id}"),
            expired: format!("SELECT item FROM {items} WHERE expires_at < unixepoch() LIMIT ?1"),
            set_expiry: format!("UPDATE {items} SET expires_at = ?2 WHERE id = ?1"),
        }
    }
}

impl IndexSql {
    fn new(table: i64, number: u32) -> Self {
        let entries = index_table(table, number);
        Self {
            create: format!(
                "CREATE TABLE {entries} (index_pk TEXT NOT NULL, index_sk TEXT NOT NULL, \
                 pk TEXT NOT NULL, sk TEXT NOT NULL, item_id INTEGER NOT NULL, \
                 PRIMARY KEY (index_pk, index_sk, pk, sk)) WITHOUT ROWID"
            ),
            drop: format!("DROP TABLE {entries}"),
            insert: format!("INSERT INTO {entries} VALUES (?1, ?2, ?3, ?4, ?5)"),
            delete: format!(
                "DELETE FROM {entries} \
                 WHERE index_pk = ?1 AND index_sk = ?2 AND pk = ?3 AND sk = ?4"
            ),
        }
    }
}

fn keys_table(id: i64) -> String {
    format!("keys_{id}")
}

fn items_table(id: i64) -> String {
    format!("items_{id}")
}

fn index_table(id: i64, number: u32) -> String {
    format!("index_{id}_{number}")
}
