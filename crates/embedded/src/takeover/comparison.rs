use std::collections::BTreeSet;

use rusqlite::{Row, Rows};

use super::failure::TakeoverFailure;
use super::old_file::{OldFile, OldTable, key_text};
use crate::item::Item;
use crate::store::{Index, RequestFailure, SqlSession, Table};

/// Compares every table, item and index entry of both files.
pub(super) fn compare(
    old: &OldFile,
    tables: &[OldTable],
    new: &SqlSession,
) -> Result<(), TakeoverFailure> {
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    if new.table_names("", usize::MAX)? != names {
        return Err(TakeoverFailure::different("catalog", "the tables differ"));
    }
    for table in tables {
        let copied = new.table(&table.name)?;
        compare_items(old, &copied, new)?;
        let indexes = copied.indexes.iter();
        let copied_names: BTreeSet<_> = indexes
            .map(|index| index.definition.name.as_str())
            .collect();
        if copied_names != table.index_names().collect() {
            return Err(TakeoverFailure::different(
                &table.name,
                "the indexes differ",
            ));
        }
        for index in &copied.indexes {
            compare_entries(old, (&copied, index), new)?;
        }
    }
    Ok(())
}

fn compare_items(old: &OldFile, table: &Table, new: &SqlSession) -> Result<(), TakeoverFailure> {
    let mut statement = old.items(&table.name)?;
    let mut old_items = OldRows::new(&table.name, statement.query([])?);
    let mut compared = Ok(());
    new.each_of_table(table, None, |copied| {
        let position = [copied.position.partition, copied.position.sort];
        compared = old_items.expect(position, |row| {
            let stored: String = row.get("item_json")?;
            let (before, after) = (parse(&stored)?, parse(copied.json)?);
            Ok(before == after && after.size() == copied.size)
        });
        Ok(compared.is_ok())
    })?;
    compared?;
    old_items.expect_end()
}

fn compare_entries(
    old: &OldFile,
    (table, index): (&Table, &Index),
    new: &SqlSession,
) -> Result<(), TakeoverFailure> {
    let mut statement = old.entries(&table.name, &index.definition.name)?;
    let mut old_entries = OldRows::new(&table.name, statement.query([])?);
    let mut compared = Ok(());
    new.each_entry(table, index, |entry| {
        compared = old_entries.expect(entry, |_| Ok(true));
        compared.is_ok()
    })?;
    compared?;
    old_entries.expect_end()
}

fn parse(json: &str) -> Result<Item, TakeoverFailure> {
    Item::parse(json.as_bytes()).map_err(|error| RequestFailure::from(error).into())
}

/// The rows of a table of the old file, which start with their key.
struct OldRows<'a> {
    table: &'a str,
    rows: Rows<'a>,
    position: u64,
}

impl<'a> OldRows<'a> {
    fn new(table: &'a str, rows: Rows<'a>) -> Self {
        Self {
            table,
            rows,
            position: 0,
        }
    }

    /// Compares the next row with one of the new file.
    fn expect<const N: usize>(
        &mut self,
        key: [&str; N],
        is_equal: impl FnOnce(&Row<'_>) -> Result<bool, TakeoverFailure>,
    ) -> Result<(), TakeoverFailure> {
        self.position += 1;
        let is_equal = match self.rows.next()? {
            Some(row) => has_key(row, key)? && is_equal(row)?,
            None => false,
        };
        if is_equal {
            Ok(())
        } else {
            Err(self.different())
        }
    }

    fn expect_end(&mut self) -> Result<(), TakeoverFailure> {
        self.position += 1;
        match self.rows.next()? {
            None => Ok(()),
            Some(_) => Err(self.different()),
        }
    }

    fn different(&self) -> TakeoverFailure {
        let reason = format!("row {} differs in the new file", self.position);
        TakeoverFailure::different(self.table, reason)
    }
}

/// Whether the first columns of a row of the old file are `key`.
fn has_key<const N: usize>(row: &Row<'_>, key: [&str; N]) -> rusqlite::Result<bool> {
    for (column, text) in key.into_iter().enumerate() {
        let stored = row.get_ref(column)?.as_str()?;
        if key_text(stored) != Some(text) {
            return Ok(false);
        }
    }
    Ok(true)
}
