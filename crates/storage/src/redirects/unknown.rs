//! Unknown addresses: a fixed number of items, each with a bounded number of addresses.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Error, Result,
    page::{Page, PageRequest},
    redirects::{AddressTally, UnknownAddress, UnknownAddressStore},
    values::{OldPath, Timestamp},
};
use uuid::Uuid;

use super::DynamoRedirectStore;
use crate::{
    backoff::pause,
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, Table},
};

/// Maximum number of addresses of one item. With the longest paths, an item has about 11 KB, and all
/// items 180 KB.
const MAX_ADDRESSES: usize = 32;

/// Attempts at a write that conflicts with those of other servers.
const ATTEMPTS: u32 = 6;

/// The addresses of one group.
#[derive(Debug, Default, Serialize, Deserialize)]
struct UnknownAddressesRecord {
    addresses: AddressTally,
    /// The last write.
    #[serde(rename = "act")]
    write: Uuid,
    /// Time of deletion in Unix seconds.
    expires_at: i64,
}

impl DynamoRedirectStore {
    /// Changes a group, unless the last write was this one. `change` returns whether to write.
    async fn change_group(
        &self,
        write: Uuid,
        group: u8,
        now: Timestamp,
        change: impl Fn(&mut AddressTally) -> bool + Send + Sync,
    ) -> Result<bool> {
        let key = keys::unknown_addresses_of(group);
        for attempt in 1..=ATTEMPTS {
            let read = self
                .dynamo
                .find(Table::Site, key.clone(), Consistency::Strong);
            let found: Option<UnknownAddressesRecord> = read.await?;
            let before = found.as_ref().map(|found| found.write);
            if before == Some(write) {
                return Ok(true);
            }
            let mut addresses = found.unwrap_or_default().addresses;
            addresses.expire(now);
            if !change(&mut addresses) {
                return Ok(false);
            }
            let record = UnknownAddressesRecord {
                addresses,
                write,
                expires_at: now.after(UnknownAddress::RETENTION).as_seconds(),
            };
            let item = encode(Item::new(key.clone(), EntityType::UnknownAddresses, record))?;
            if self.dynamo.replace(Table::Site, item, before).await? {
                return Ok(true);
            }
            pause(attempt).await;
        }
        Err(Error::Contended)
    }
}

/// The position of an address in the list, in descending order.
fn position(address: &UnknownAddress) -> String {
    keys::unknown_address_position(address.count, &address.path)
}

#[async_trait]
impl UnknownAddressStore for DynamoRedirectStore {
    fn group_of(&self, path: &OldPath) -> u8 {
        keys::unknown_address_group(path)
    }

    async fn add(
        &self,
        write: Uuid,
        group: u8,
        addresses: &[UnknownAddress],
        now: Timestamp,
    ) -> Result<()> {
        let add = |tally: &mut AddressTally| {
            let added = addresses.iter().cloned();
            added.for_each(|address| tally.add(address, MAX_ADDRESSES));
            true
        };
        self.change_group(write, group, now, add).await.map(drop)
    }

    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UnknownAddress>> {
        let name = keys::query("unknown", "");
        let cursor = page.cursor.as_ref();
        let cursor = cursor.map(|cursor| self.cursors.open(&name, cursor, now));
        let below = cursor.transpose()?;
        let (pk, ends) = keys::unknown_addresses();
        let query = RangeQuery {
            consistency: Consistency::Eventual,
            ..RangeQuery::all(pk, KeyRange::Between(ends))
        };
        let mut rows = Vec::new();
        for item in self.dynamo.query(Table::Site, query).await? {
            let record = decode::<Item<UnknownAddressesRecord>>(item)?.body;
            let addresses = record.addresses.into_addresses().into_iter();
            let shown = addresses.filter(|one| !one.dismissed && !one.has_expired(now));
            rows.extend(shown.map(|one| (position(&one), one)));
        }
        rows.retain(|(position, _)| below.as_ref().is_none_or(|below| position < below));
        rows.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        let limit = page.limit.get();
        let last = rows.get(limit - 1).filter(|_| rows.len() > limit);
        let next = last.map(|(position, _)| self.cursors.seal(&name, position, now));
        let items = rows.into_iter().take(limit).map(|(_, one)| one).collect();
        Ok(Page { items, next })
    }

    async fn dismiss(&self, write: Uuid, path: &OldPath, now: Timestamp) -> Result<bool> {
        let dismiss = |tally: &mut AddressTally| tally.dismiss(path);
        let group = keys::unknown_address_group(path);
        self.change_group(write, group, now, dismiss).await
    }
}
