//! Times to live.

use rusqlite::params;

use super::layout::Table;
use super::{RequestFailure, SqlSession};
use crate::item::{Item, Key, Value};

impl Table {
    /// Returns the time after which an item expires, in seconds since 1970. A value that is not a number
    /// does not expire.
    pub(crate) fn expiry_of(&self, item: &Item) -> Option<i64> {
        let attribute = self.definition.time_to_live.as_ref()?;
        match item.get(attribute)? {
            Value::N(number) => number.as_str().split('.').next()?.parse().ok(),
            _ => None,
        }
    }
}

impl SqlSession {
    /// Sets or removes the attribute with the time to live. Reads the whole table.
    pub(crate) fn set_time_to_live(
        &self,
        table: &Table,
        attribute: Option<String>,
    ) -> Result<(), RequestFailure> {
        if table.definition.time_to_live.is_some() {
            self.connection.execute_batch(&table.sql.drop_expiry)?;
        }
        let mut definition = table.definition.clone();
        definition.time_to_live = attribute;
        let table = self.redefine(table, definition)?;
        if table.definition.time_to_live.is_some() {
            self.set_expiries(&table)?;
            self.connection.execute_batch(&table.sql.create_expiry)?;
        }
        Ok(())
    }

    fn set_expiries(&self, table: &Table) -> Result<(), RequestFailure> {
        let mut statement = self.connection.prepare_cached(&table.sql.set_expiry)?;
        self.each_of_table(table, None, |found| {
            let item = Item::parse(found.json.as_bytes())?;
            statement.execute(params![found.id, table.expiry_of(&item)])?;
            Ok(true)
        })
    }

    /// Returns the keys of up to `limit` expired items.
    pub(crate) fn expired(&self, table: &Table, limit: usize) -> Result<Vec<Key>, RequestFailure> {
        if table.definition.time_to_live.is_none() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(&table.sql.expired)?;
        let items = statement.query_map([limit], |row| row.get::<_, String>(0))?;
        let schema = &table.definition.key;
        let key = |json: rusqlite::Result<String>| {
            let item = Item::parse(json?.as_bytes())?;
            Ok(schema.key_of_item(&item)?)
        };
        items.map(key).collect()
    }
}
