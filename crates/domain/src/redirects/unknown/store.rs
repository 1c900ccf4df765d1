use async_trait::async_trait;
use uuid::Uuid;

use super::UnknownAddress;
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{OldPath, Timestamp},
};

/// Stores unknown addresses in a fixed number of groups of bounded size. Writes have no audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not respond and
/// with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait UnknownAddressStore: Send + Sync {
    /// Returns the group of an address.
    fn group_of(&self, path: &OldPath) -> u8;

    /// Adds the requests of addresses of one group. A repetition with the same `write` has no effect.
    ///
    /// # Errors
    /// [`Contended`](crate::Error::Contended) after too many concurrent writes.
    async fn add(
        &self,
        write: Uuid,
        group: u8,
        addresses: &[UnknownAddress],
        now: Timestamp,
    ) -> Result<()>;

    /// Lists the addresses that are neither dismissed nor expired, the most frequent first. Eventually
    /// consistent. An address that is requested between two pages can be missing or occur twice.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UnknownAddress>>;

    /// Marks an address as dismissed. Returns whether it is known.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    async fn dismiss(&self, write: Uuid, path: &OldPath, now: Timestamp) -> Result<bool>;
}
