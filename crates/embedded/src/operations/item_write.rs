//! One write of one item, alone or in a batch or transaction.

use std::sync::Arc;

use super::capacity::{TableUnits, units_of_index, write_units};
use crate::api_error::{ApiError, ErrorKind};
use crate::expressions::{Condition, Substitutions, Update};
use crate::item::{Item, Key};
use crate::requests::{Names, ReturnValuesOnFailure, Values};
use crate::store::{Failure, Index, Session, StoredItem, Table};

/// A valid write.
#[derive(Debug)]
pub(super) struct ItemWrite {
    pub(super) table: String,
    pub(super) change: Change,
    pub(super) condition: Option<Condition>,
    pub(super) on_failure: ReturnValuesOnFailure,
}

#[derive(Debug)]
pub(super) enum Change {
    Put(Item),
    Update { key: Item, update: Update },
    Delete(Item),
    /// Checks only the condition.
    Check(Item),
}

/// The condition of a write and the placeholders of its expressions.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    pub(super) condition: Option<String>,
    pub(super) names: Option<Names>,
    pub(super) values: Option<Values>,
}

impl Expressions {
    /// Parses the condition. Every placeholder must be used.
    pub(super) fn parse(self) -> Result<Option<Condition>, ApiError> {
        let substitutions = self.substitutions()?;
        let condition = self.condition(&substitutions)?;
        substitutions.finish()?;
        Ok(condition)
    }

    /// Parses the condition and an update. Every placeholder must be used.
    pub(super) fn parse_update(
        self,
        update: &str,
    ) -> Result<(Update, Option<Condition>), ApiError> {
        let substitutions = self.substitutions()?;
        let update = Update::parse(update, &substitutions)?;
        let condition = self.condition(&substitutions)?;
        substitutions.finish()?;
        Ok((update, condition))
    }

    fn substitutions(&self) -> Result<Substitutions<'_>, ApiError> {
        Substitutions::new(self.names.as_ref(), self.values.as_ref())
    }

    fn condition(&self, substitutions: &Substitutions<'_>) -> Result<Option<Condition>, ApiError> {
        let condition = self.condition.as_ref();
        condition
            .map(|text| Condition::parse(text, substitutions))
            .transpose()
    }
}

/// A write whose condition holds.
#[derive(Debug)]
pub(super) struct PreparedWrite {
    pub(super) table: Arc<Table>,
    pub(super) key: Key,
    pub(super) old: Option<OldItem>,
    new: NewState,
}

#[derive(Debug)]
pub(super) struct OldItem {
    pub(super) stored: StoredItem,
    item: Item,
}

#[derive(Debug)]
enum NewState {
    Unchanged,
    Absent,
    Item { stored: StoredItem, item: Item },
}

impl ItemWrite {
    /// Returns the table and the key of the item.
    pub(super) fn target(&self, session: &Session) -> Result<(Arc<Table>, Key), Failure> {
        let table = session.table(&self.table)?;
        let schema = &table.definition.key;
        let key = match &self.change {
            Change::Put(item) => schema.key_of_item(item)?,
            Change::Update { key, update } => {
                update.check_keys(schema)?;
                schema.key_of_request(key)?
            }
            Change::Delete(key) | Change::Check(key) => schema.key_of_request(key)?,
        };
        Ok((table, key))
    }

    /// Reads the item, checks the condition and computes the new item.
    pub(super) fn prepare(
        &self,
        session: &Session,
        (table, key): (Arc<Table>, Key),
    ) -> Result<PreparedWrite, Failure> {
        let old = session.get(&table, &key)?.map(OldItem::parse).transpose()?;
        self.check(old.as_ref())?;
        let new = match &self.change {
            Change::Put(item) => NewState::item(item.clone())?,
            Change::Update { key, update } => {
                let base = old.as_ref().map_or(key, |old| &old.item);
                NewState::item(update.apply(base.clone())?)?
            }
            Change::Delete(_) => NewState::Absent,
            Change::Check(_) => NewState::Unchanged,
        };
        Ok(PreparedWrite {
            table,
            key,
            old,
            new,
        })
    }

    fn check(&self, old: Option<&OldItem>) -> Result<(), Failure> {
        let Some(condition) = &self.condition else {
            return Ok(());
        };
        if condition.holds(old.map(|old| &old.item)) {
            return Ok(());
        }
        let item = old
            .filter(|_| self.on_failure == ReturnValuesOnFailure::AllOld)
            .map(|old| old.stored.json.clone());
        let kind = ErrorKind::ConditionalCheckFailed { item };
        Err(ApiError::new(kind, "The conditional request failed").into())
    }
}

impl ItemWrite {
    /// Deletes an item without a condition.
    pub(super) fn delete(
        session: &Session,
        table: &Arc<Table>,
        key: &Key,
    ) -> Result<(), Failure> {
        let old = session.get(table, key)?.map(OldItem::parse).transpose()?;
        let deletion = PreparedWrite {
            table: Arc::clone(table),
            key: key.clone(),
            old,
            new: NewState::Absent,
        };
        deletion.apply(session).map(drop)
    }
}

impl OldItem {
    fn parse(stored: StoredItem) -> Result<Self, Failure> {
        let item = Item::parse(stored.json.as_bytes())?;
        Ok(Self { stored, item })
    }
}

impl NewState {
    fn item(item: Item) -> Result<Self, ApiError> {
        item.check_size()?;
        let stored = StoredItem {
            json: item.to_json(),
            size: item.size(),
        };
        Ok(Self::Item { stored, item })
    }
}

impl PreparedWrite {
    /// The item after the write.
    pub(super) fn new_item(&self) -> Option<&StoredItem> {
        match &self.new {
            NewState::Item { stored, .. } => Some(stored),
            NewState::Unchanged => self.old.as_ref().map(|old| &old.stored),
            NewState::Absent => None,
        }
    }

    /// The size of the larger of the old and the new item.
    pub(super) fn size(&self) -> usize {
        let old = self.old.as_ref().map(|old| old.stored.size);
        let new = self.new_item().map(|new| new.size);
        old.max(new).unwrap_or_default()
    }

    /// Makes the change and returns its units.
    pub(super) fn apply(&self, session: &Session) -> Result<TableUnits, Failure> {
        let mut units = TableUnits::of_table(write_units(self.size()));
        let new = match &self.new {
            NewState::Unchanged => return Ok(units),
            NewState::Absent => None,
            NewState::Item { stored, item } => Some((stored, item)),
        };
        for index in &self.table.indexes {
            if let Some(index_units) = self.apply_to_index(session, index, new)? {
                units.add_index(index, index_units);
            }
        }
        match new {
            Some((stored, item)) => {
                let expires_at = self.table.expiry_of(item);
                session.put(&self.table, &self.key, stored, expires_at)?;
            }
            None => session.delete(&self.table, &self.key)?,
        }
        Ok(units)
    }

    /// Returns the units of the index, or nothing if its entry does not change.
    fn apply_to_index(
        &self,
        session: &Session,
        index: &Index,
        new: Option<(&StoredItem, &Item)>,
    ) -> Result<Option<f64>, Failure> {
        let definition = &index.definition;
        let key_of = |item: &Item| definition.key.index_key_of(&definition.name, item);
        let old = self.old.as_ref();
        let old_key = old.map(|old| key_of(&old.item)).transpose()?.flatten();
        let new_key = new.map(|(_, item)| key_of(item)).transpose()?.flatten();
        if old_key != new_key {
            if let Some(at) = &old_key {
                session.delete_entry(index, at, &self.key)?;
            }
            if let Some(at) = &new_key {
                session.insert_entry(index, at, &self.key)?;
            }
        }
        let old = old_key.zip(old.map(|old| &old.stored));
        let new = new_key.zip(new.map(|(stored, _)| stored));
        Ok(units_of_index(old, new))
    }
}
