//! Single items and index entries.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use super::layout::{Index, Table};
use super::{Failure, Session};
use crate::item::Key;

/// An item in the wire format of DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredItem {
    pub(crate) json: String,
    /// Bytes, as DynamoDB counts them.
    pub(crate) size: usize,
}

impl Session {
    pub(crate) fn get(&self, table: &Table, key: &Key) -> Result<Option<StoredItem>, Failure> {
        let mut statement = self.connection.prepare_cached(&table.sql.get)?;
        let item = statement
            .query_one([&key.partition, &key.sort], |row| {
                Ok(StoredItem {
                    size: row.get(0)?,
                    json: row.get(1)?,
                })
            })
            .optional()?;
        Ok(item)
    }

    pub(crate) fn put(
        &self,
        table: &Table,
        key: &Key,
        item: &StoredItem,
        expires_at: Option<i64>,
    ) -> Result<(), Failure> {
        let mut statement = self.connection.prepare_cached(&table.sql.put)?;
        statement.execute(params![
            key.partition,
            key.sort,
            item.size,
            expires_at,
            item.json
        ])?;
        Ok(())
    }

    pub(crate) fn delete(&self, table: &Table, key: &Key) -> Result<(), Failure> {
        self.connection
            .prepare_cached(&table.sql.delete)?
            .execute([&key.partition, &key.sort])?;
        Ok(())
    }

    pub(crate) fn insert_entry(
        &self,
        index: &Index,
        at: &Key,
        item: &Key,
    ) -> Result<(), Failure> {
        self.change_entry(&index.sql.insert, at, item)
    }

    pub(crate) fn delete_entry(
        &self,
        index: &Index,
        at: &Key,
        item: &Key,
    ) -> Result<(), Failure> {
        self.change_entry(&index.sql.delete, at, item)
    }

    fn change_entry(&self, sql: &str, at: &Key, item: &Key) -> Result<(), Failure> {
        self.connection.prepare_cached(sql)?.execute([
            &at.partition,
            &at.sort,
            &item.partition,
            &item.sort,
        ])?;
        Ok(())
    }

    /// Returns the number of items of each table, by table name.
    pub(crate) fn count_all_items(&self) -> Result<BTreeMap<String, u64>, Failure> {
        self.snapshot(|| {
            let names = self.table_names("", usize::MAX)?;
            let count = |name: String| {
                let table = self.table(&name)?;
                Ok((name, self.count_items(&table)?))
            };
            names.into_iter().map(count).collect()
        })
    }

    fn count_items(&self, table: &Table) -> Result<u64, Failure> {
        let mut statement = self.connection.prepare_cached(&table.sql.count)?;
        Ok(statement.query_one([], |row| row.get(0))?)
    }
}
