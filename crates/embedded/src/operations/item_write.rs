//! One write of one item, alone or in a batch or transaction.

use std::cell::OnceCell;
use std::sync::Arc;

use super::capacity::{TableUnits, units_of_index, write_units};
use crate::api_error::{ErrorKind, RequestError};
use crate::expressions::{Condition, Substitutions, Update};
use crate::item::{Item, Key};
use crate::requests::{Names, ReturnValuesOnFailure, Values};
use crate::store::{FoundItem, Index, RequestFailure, SqlSession, StoredItem, Table};

/// Maximum size of an item in bytes, names of attributes included.
const MAX_ITEM_BYTES: usize = 400 * 1024;

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
    Put(NewItem),
    Update {
        key: Item,
        update: Update,
    },
    Delete(Item),
    /// Checks only the condition.
    Check(Item),
}

/// An item to be stored.
#[derive(Debug)]
pub(super) struct NewItem {
    stored: StoredItem,
    item: Item,
}

impl NewItem {
    pub(super) fn new(item: Item) -> Result<Self, RequestError> {
        if item.size() > MAX_ITEM_BYTES {
            let reason = "Item size has exceeded the maximum allowed size";
            return Err(RequestError::validation(reason));
        }
        Ok(Self::of_valid_size(item))
    }

    fn updated(item: Item) -> Result<Self, RequestError> {
        if item.size() > MAX_ITEM_BYTES {
            let reason = "Item size to update has exceeded the maximum allowed size";
            return Err(RequestError::validation(reason));
        }
        Ok(Self::of_valid_size(item))
    }

    fn of_valid_size(item: Item) -> Self {
        let stored = StoredItem {
            json: item.to_json(),
            size: item.size(),
        };
        Self { stored, item }
    }
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
    pub(super) fn parse(self) -> Result<Option<Condition>, RequestError> {
        if self.condition.is_none() {
            Substitutions::refuse_all(self.names.as_ref(), self.values.as_ref())?;
        }
        let substitutions = self.substitutions()?;
        let condition = self.condition(&substitutions)?;
        substitutions.finish()?;
        Ok(condition)
    }

    /// Parses the condition and an update. Every placeholder must be used.
    pub(super) fn parse_update(
        self,
        update: &str,
    ) -> Result<(Update, Option<Condition>), RequestError> {
        let substitutions = self.substitutions()?;
        let update = Update::parse(update, &substitutions)?;
        let condition = self.condition(&substitutions)?;
        substitutions.finish()?;
        Ok((update, condition))
    }

    fn substitutions(&self) -> Result<Substitutions<'_>, RequestError> {
        Substitutions::new(self.names.as_ref(), self.values.as_ref())
    }

    fn condition(
        &self,
        substitutions: &Substitutions<'_>,
    ) -> Result<Option<Condition>, RequestError> {
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
    /// The change of each index of the table, in their order.
    entries: Vec<EntryChange>,
}

/// The keys of an item in an index before and after a write.
#[derive(Debug)]
struct EntryChange {
    old: Option<Key>,
    new: Option<Key>,
}

/// A stored item, which is parsed only if a condition, an update or an index needs it.
#[derive(Debug)]
pub(super) struct OldItem {
    id: i64,
    pub(super) stored: StoredItem,
    parsed: OnceCell<Item>,
}

impl OldItem {
    fn new(found: FoundItem) -> Self {
        Self {
            id: found.id,
            stored: found.stored,
            parsed: OnceCell::new(),
        }
    }

    fn item(&self) -> Result<&Item, RequestError> {
        if let Some(item) = self.parsed.get() {
            return Ok(item);
        }
        let item = Item::parse(self.stored.json.as_bytes())?;
        Ok(self.parsed.get_or_init(|| item))
    }
}

#[derive(Debug)]
enum NewState {
    Unchanged,
    Absent,
    Item(NewItem),
}

impl ItemWrite {
    /// Returns the table and the key of the item.
    pub(super) fn target(&self, session: &SqlSession) -> Result<(Arc<Table>, Key), RequestFailure> {
        let table = session.table(&self.table)?;
        let schema = &table.definition.key;
        let key = match &self.change {
            Change::Put(new) => schema.key_of_item(&new.item)?,
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
        self,
        session: &SqlSession,
        (table, key): (Arc<Table>, Key),
    ) -> Result<PreparedWrite, RequestFailure> {
        let old = session.get(&table, &key)?.map(OldItem::new);
        self.check(old.as_ref())?;
        let new = match self.change {
            Change::Put(new) => NewState::Item(new),
            Change::Update { key, update } => {
                let old = old.as_ref().map(OldItem::item).transpose()?;
                let new = update.apply(old.cloned().unwrap_or(key))?;
                NewState::Item(NewItem::updated(new)?)
            }
            Change::Delete(_) => NewState::Absent,
            Change::Check(_) => NewState::Unchanged,
        };
        PreparedWrite::new(table, key, old, new)
    }

    fn check(&self, old: Option<&OldItem>) -> Result<(), RequestFailure> {
        let Some(condition) = &self.condition else {
            return Ok(());
        };
        if condition.holds(old.map(OldItem::item).transpose()?) {
            return Ok(());
        }
        let item = old
            .filter(|_| self.on_failure == ReturnValuesOnFailure::AllOld)
            .map(|old| old.stored.json.clone());
        let kind = ErrorKind::ConditionalCheckFailed { item };
        Err(RequestError::new(kind, "The conditional request failed").into())
    }
}

impl ItemWrite {
    /// Deletes an item without a condition.
    pub(super) fn delete(
        session: &SqlSession,
        table: &Arc<Table>,
        key: &Key,
    ) -> Result<(), RequestFailure> {
        let old = session.get(table, key)?.map(OldItem::new);
        let table = Arc::clone(table);
        let deletion = PreparedWrite::new(table, key.clone(), old, NewState::Absent)?;
        deletion.apply(session).map(drop)
    }
}

impl PreparedWrite {
    /// Refuses new items with an invalid key of an index.
    fn new(
        table: Arc<Table>,
        key: Key,
        old: Option<OldItem>,
        new: NewState,
    ) -> Result<Self, RequestFailure> {
        let indexes = table.indexes.iter();
        let entries = indexes.map(|index| EntryChange::new(index, old.as_ref(), &new));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
            table,
            key,
            old,
            new,
        })
    }

    /// The item after the write.
    pub(super) fn new_item(&self) -> Option<&StoredItem> {
        match &self.new {
            NewState::Item(new) => Some(&new.stored),
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
    pub(super) fn apply(&self, session: &SqlSession) -> Result<TableUnits, RequestFailure> {
        let mut units = TableUnits::of_table(write_units(self.size()));
        let new = match &self.new {
            NewState::Unchanged => return Ok(units),
            NewState::Absent => None,
            NewState::Item(new) => Some(new),
        };
        let id = self.store(session, new)?;
        for (index, change) in self.table.indexes.iter().zip(&self.entries) {
            change.apply(session, index, &self.key, id)?;
            if let Some(index_units) = self.units_of(change) {
                units.add_index(index, index_units);
            }
        }
        Ok(units)
    }

    /// Stores or deletes the item. Returns the id of the new item.
    fn store(
        &self,
        session: &SqlSession,
        new: Option<&NewItem>,
    ) -> Result<Option<i64>, RequestFailure> {
        let (table, key) = (&self.table, &self.key);
        let old = self.old.as_ref().map(|old| old.id);
        let Some(new) = new else {
            if let Some(id) = old {
                session.delete(table, key, id)?;
            }
            return Ok(None);
        };
        let expires_at = table.expiry_of(&new.item);
        if let Some(id) = old {
            session.update(table, id, &new.stored, expires_at)?;
            return Ok(Some(id));
        }
        let id = session.insert(table, key, &new.stored, expires_at)?;
        Ok(Some(id))
    }

    /// The units of the change of an index, or nothing if its entry stays the same.
    fn units_of(&self, change: &EntryChange) -> Option<f64> {
        let old = self.old.as_ref().map(|old| &old.stored);
        units_of_index(
            change.old.as_ref().zip(old),
            change.new.as_ref().zip(self.new_item()),
        )
    }
}

impl EntryChange {
    fn new(index: &Index, old: Option<&OldItem>, new: &NewState) -> Result<Self, RequestError> {
        let definition = &index.definition;
        let key_of = |item: &Item| definition.key.index_key_of(&definition.name, item);
        let old = old.map(OldItem::item).transpose()?;
        // An item that is older than the index may have an invalid key, and then has no entry.
        let old = old.and_then(|old| key_of(old).ok()).flatten();
        let new = match new {
            NewState::Item(new) => key_of(&new.item)?,
            NewState::Unchanged => old.clone(),
            NewState::Absent => None,
        };
        Ok(Self { old, new })
    }

    fn apply(
        &self,
        session: &SqlSession,
        index: &Index,
        item: &Key,
        id: Option<i64>,
    ) -> Result<(), RequestFailure> {
        if self.old == self.new {
            return Ok(());
        }
        if let Some(at) = &self.old {
            session.delete_entry(index, at, item)?;
        }
        if let Some((at, id)) = self.new.as_ref().zip(id) {
            session.insert_entry(index, at, item, id)?;
        }
        Ok(())
    }
}
