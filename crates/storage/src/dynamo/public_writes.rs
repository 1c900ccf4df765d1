//! Finds the transactions that can change an answer to an anonymous caller.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use tintero_domain::freshness::PublicWrites;

use super::Dynamo;
use crate::{
    item::Attributes,
    keys::{self, Table},
};

/// Counts a write when it ends, also when it fails or its caller stops waiting: it may have been applied.
pub(super) struct CountedWrite(Option<PublicWrites>);

impl Drop for CountedWrite {
    fn drop(&mut self) {
        if let Some(writes) = &self.0 {
            writes.add();
        }
    }
}

impl Dynamo {
    /// Returns the counter of the writes that can change an answer to an anonymous caller.
    #[must_use]
    pub fn public_writes(&self) -> PublicWrites {
        self.public_writes.clone()
    }

    /// Counts the transaction at the end of the returned value, if one of its writes is public.
    pub(super) fn counted(&self, items: &[TransactWriteItem]) -> CountedWrite {
        let is_public = items.iter().any(|item| self.is_public(item));
        CountedWrite(is_public.then(|| self.public_writes()))
    }

    fn is_public(&self, item: &TransactWriteItem) -> bool {
        let (table, attributes) = if let Some(put) = item.put() {
            (put.table_name(), put.item())
        } else if let Some(update) = item.update() {
            (update.table_name(), update.key())
        } else if let Some(delete) = item.delete() {
            (delete.table_name(), delete.key())
        } else {
            // A condition changes nothing.
            return false;
        };
        let is_private = Table::ALL
            .into_iter()
            .find(|known| self.table(*known) == table)
            .is_some_and(|table| {
                let [pk, sk] = ["pk", "sk"].map(|name| text(attributes, name));
                keys::is_private(table, pk, sk)
            });
        !is_private
    }
}

fn text<'a>(attributes: &'a Attributes, name: &str) -> &'a str {
    let value = attributes.get(name).map(AttributeValue::as_s);
    value.and_then(Result::ok).map_or("", String::as_str)
}
