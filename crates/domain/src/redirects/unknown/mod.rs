//! Addresses that were requested and that neither a redirect nor a post has.

mod store;
mod tally;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

pub use store::UnknownAddressStore;
pub use tally::{AddressTally, UnknownAddress};

use super::Redirects;
use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    page::{Page, PageRequest},
    values::OldPath,
};

/// Requests that this process has not stored yet, so that a request does not cost a write.
#[derive(Debug, Default)]
pub(super) struct UnstoredRequests(Mutex<AddressTally>);

impl UnstoredRequests {
    /// Maximum number of addresses.
    const MAX: usize = 512;

    fn add(&self, address: UnknownAddress) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.add(address, Self::MAX);
    }

    fn take(&self) -> Vec<UnknownAddress> {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *tally).into_addresses()
    }
}

impl Redirects {
    /// Counts a request for an unknown address. Paths longer than [`UnknownAddress::MAX_PATH`] are not
    /// counted.
    pub(super) fn count_unknown(&self, path: OldPath) {
        if path.as_str().len() <= UnknownAddress::MAX_PATH {
            let now = self.ports.clock.now();
            self.unstored.add(UnknownAddress::requested(path, now));
        }
    }

    /// Stores the counts of this process. What cannot be stored is kept for the next call. Returns the
    /// number of stored addresses.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::Contended`].
    pub async fn store_unknown_addresses(&self) -> Result<usize> {
        let store = &self.ports.unknown;
        let mut groups: BTreeMap<u8, Vec<UnknownAddress>> = BTreeMap::new();
        for address in self.unstored.take() {
            let group = store.group_of(&address.path);
            groups.entry(group).or_default().push(address);
        }
        let (mut stored, mut failed) = (0, None);
        for (group, addresses) in groups {
            let (write, now) = (self.ports.ids.next(), self.ports.clock.now());
            match store.add(write, group, &addresses, now).await {
                Ok(()) => stored += addresses.len(),
                Err(error) => {
                    for one in addresses {
                        self.unstored.add(one);
                    }
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(stored), Err)
    }

    /// Lists the unknown addresses, the most frequent first. Omits dismissed ones and those that a redirect
    /// or a post has now, so a page can be short although more follow. Stores the counts of this
    /// process first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list_unknown_addresses(
        &self,
        caller: &Caller,
        page: &PageRequest,
    ) -> Result<Page<UnknownAddress>> {
        caller.require(Permission::ManageRedirects)?;
        self.store_unknown_addresses().await?;
        let now = self.ports.clock.now();
        let mut found = self.ports.unknown.list(now, page).await?;
        let paths: Vec<_> = found.items.iter().map(|one| one.path.clone()).collect();
        let claims = self.ports.store.find_claims(&paths).await?;
        found.items.retain(|one| !claims.contains_key(&one.path));
        Ok(found)
    }

    /// Hides an address until it was not requested for [`UnknownAddress::RETENTION`].
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] if the address is not in the list.
    pub async fn dismiss_unknown_address(&self, caller: &Caller, path: &OldPath) -> Result<()> {
        caller.require(Permission::ManageRedirects)?;
        self.store_unknown_addresses().await?;
        let (write, now) = (self.ports.ids.next(), self.ports.clock.now());
        if self.ports.unknown.dismiss(write, path, now).await? {
            Ok(())
        } else {
            Err(Error::NotFound(Resource::UnknownAddress))
        }
    }
}
