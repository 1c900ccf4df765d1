//! Single items and index entries.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use super::layout::{Index, Table};
use super::{RequestFailure, SqlSession};
use crate::item::Key;

/// An item in the wire format of DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredItem {
    pub(crate) json: String,
    /// Bytes, as DynamoDB counts them.
    pub(crate) size: usize,
}

/// A stored item and its id, which it keeps until it is deleted.
#[derive(Debug)]
pub(crate) struct FoundItem {
    pub(crate) id: i64,
    pub(crate) stored: StoredItem,
}

impl SqlSession {
    pub(crate) fn get(
        &self,
        table: &Table,
        key: &Key,
    ) -> Result<Option<FoundItem>, RequestFailure> {
        let mut statement = self.connection.prepare_cached(&table.sql.get)?;
        let item = statement
            .query_one([&key.partition, &key.sort], |row| {
                Ok(FoundItem {
                    id: row.get(0)?,
                    stored: StoredItem {
                        size: row.get(1)?,
                        json: row.get(2)?,
                    },
                })
            })
            .optional()?;
        Ok(item)
    }

    /// Inserts an item whose key is free and returns its id.
    pub(crate) fn insert(
        &self,
        table: &Table,
        key: &Key,
        item: &StoredItem,
        expires_at: Option<i64>,
    ) -> Result<i64, RequestFailure> {
        self.connection
            .prepare_cached(&table.sql.insert_item)?
            .execute(params![item.size, expires_at, item.json])?;
        let id = self.connection.last_insert_rowid();
        self.connection
            .prepare_cached(&table.sql.insert_key)?
            .execute(params![key.partition, key.sort, id])?;
        Ok(id)
    }

    pub(crate) fn update(
        &self,
        table: &Table,
        id: i64,
        item: &StoredItem,
        expires_at: Option<i64>,
    ) -> Result<(), RequestFailure> {
        self.connection
            .prepare_cached(&table.sql.update)?
            .execute(params![id, item.size, expires_at, item.json])?;
        Ok(())
    }

    pub(crate) fn delete(&self, table: &Table, key: &Key, id: i64) -> Result<(), RequestFailure> {
        self.connection
            .prepare_cached(&table.sql.delete_item)?
            .execute([id])?;
        self.connection
            .prepare_cached(&table.sql.delete_key)?
            .execute([&key.partition, &key.sort])?;
        Ok(())
    }

    pub(crate) fn insert_entry(
        &self,
        index: &Index,
        at: &Key,
        item: &Key,
        id: i64,
    ) -> Result<(), RequestFailure> {
        let mut statement = self.connection.prepare_cached(&index.sql.insert)?;
        statement.execute(params![
            at.partition,
            at.sort,
            item.partition,
            item.sort,
            id
        ])?;
        Ok(())
    }

    pub(crate) fn delete_entry(
        &self,
        index: &Index,
        at: &Key,
        item: &Key,
    ) -> Result<(), RequestFailure> {
        let keys = [&at.partition, &at.sort, &item.partition, &item.sort];
        self.connection
            .prepare_cached(&index.sql.delete)?
            .execute(keys)?;
        Ok(())
    }

    /// Returns the number of items of each table, by table name.
    pub(crate) fn count_all_items(&self) -> Result<BTreeMap<String, u64>, RequestFailure> {
        self.snapshot(|| {
            let names = self.table_names("", usize::MAX)?;
            let count = |name: String| {
                let table = self.table(&name)?;
                Ok((name, self.count_items(&table)?))
            };
            names.into_iter().map(count).collect()
        })
    }

    fn count_items(&self, table: &Table) -> Result<u64, RequestFailure> {
        let mut statement = self.connection.prepare_cached(&table.sql.count)?;
        Ok(statement.query_one([], |row| row.get(0))?)
    }
}
