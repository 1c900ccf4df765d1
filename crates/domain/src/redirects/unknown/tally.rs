use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::values::{OldPath, Timestamp};

/// An unknown address and the requests for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownAddress {
    /// The path.
    pub path: OldPath,
    /// Number of requests since the address is in the list.
    #[serde(rename = "requests")]
    pub count: u64,
    /// Requests of replaced addresses. They only decide which address is replaced next.
    #[serde(default, skip_serializing_if = "is_zero")]
    inherited: u64,
    /// Time of the last request.
    pub last_at: Timestamp,
    /// Whether it was dismissed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the value by reference"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl UnknownAddress {
    /// Longest path in bytes.
    pub const MAX_PATH: usize = 256;
    /// Time after the last request for which an address is kept: 30 days.
    pub const RETENTION: Duration = Duration::from_hours(30 * 24);

    /// An address that was requested once.
    #[must_use]
    pub fn requested(path: OldPath, at: Timestamp) -> Self {
        Self {
            path,
            count: 1,
            inherited: 0,
            last_at: at,
            dismissed: false,
        }
    }

    fn weight(&self) -> u64 {
        self.count.saturating_add(self.inherited)
    }

    /// Whether it was not requested for [`RETENTION`](Self::RETENTION).
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.last_at.after(Self::RETENTION) <= now
    }
}

/// A bounded set of unknown addresses that keeps the frequent ones, whatever else is requested.
///
/// The Space-Saving algorithm of Metwally, Agrawal and El Abbadi: if the set is full, a new address
/// replaces the least frequent one and inherits its weight. Of `n` requests, every address with more
/// than `n / max` is in a set of `max` addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressTally(Vec<UnknownAddress>);

impl AddressTally {
    /// Adds the requests of an address to a set of at most `max` addresses.
    pub fn add(&mut self, new: UnknownAddress, max: usize) {
        if let Some(known) = self.0.iter_mut().find(|known| known.path == new.path) {
            known.count = known.count.saturating_add(new.count);
            known.last_at = known.last_at.max(new.last_at);
            return;
        }
        let new = UnknownAddress {
            inherited: 0,
            ..new
        };
        if self.0.len() < max {
            self.0.push(new);
            return;
        }
        let rarest = self
            .0
            .iter_mut()
            .min_by_key(|known| (known.weight(), known.last_at));
        if let Some(rarest) = rarest {
            let inherited = rarest.weight();
            *rarest = UnknownAddress { inherited, ..new };
        }
    }

    /// Removes the addresses that have expired.
    pub fn expire(&mut self, now: Timestamp) {
        self.0.retain(|known| !known.has_expired(now));
    }

    /// Marks an address as dismissed. Returns whether the set contains it.
    pub fn dismiss(&mut self, path: &OldPath) -> bool {
        let known = self.0.iter_mut().find(|known| known.path == *path);
        known.is_some_and(|known| {
            known.dismissed = true;
            true
        })
    }

    /// Returns the addresses in no particular order.
    #[must_use]
    pub fn into_addresses(self) -> Vec<UnknownAddress> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const MAX: usize = 8;

    fn request(n: usize, at: i64) -> UnknownAddress {
        let path = format!("/{n}").parse().unwrap();
        UnknownAddress::requested(path, Timestamp::from_millis(at))
    }

    proptest! {
        #[test]
        fn frequent_addresses_stay_in_a_bounded_set(requests in vec(0..40_usize, 0..400)) {
            let mut tally = AddressTally::default();
            for (at, n) in requests.iter().enumerate() {
                tally.add(request(*n, i64::try_from(at).unwrap()), MAX);
            }
            let kept = tally.into_addresses();
            prop_assert!(kept.len() <= MAX);
            let weight: u64 = kept.iter().map(UnknownAddress::weight).sum();
            prop_assert_eq!(weight, requests.len() as u64);
            for n in 0..40 {
                let times = requests.iter().filter(|other| **other == n).count();
                let path = format!("/{n}").parse().unwrap();
                let known = kept.iter().find(|known| known.path == path);
                let count = known.map_or(0, |known| known.count);
                prop_assert!(count <= times as u64, "no request is counted twice");
                prop_assert!(known.is_some() || times <= requests.len() / MAX);
                prop_assert!(known.is_none_or(|known| known.weight() >= times as u64));
            }
        }
    }

    #[test]
    fn addresses_expire_after_their_last_request() {
        let mut tally = AddressTally::default();
        tally.add(request(1, 0), MAX);
        tally.add(request(2, 5), MAX);
        let end = Timestamp::from_millis(4).after(UnknownAddress::RETENTION);
        tally.expire(end);
        let left: Vec<_> = tally.into_addresses();
        assert_eq!(left, [request(2, 5)]);
    }

    #[test]
    fn a_dismissed_address_stays_dismissed_while_it_is_requested() {
        let mut tally = AddressTally::default();
        tally.add(request(1, 0), MAX);
        assert!(tally.dismiss(&"/1".parse().unwrap()));
        assert!(!tally.dismiss(&"/2".parse().unwrap()));
        tally.add(request(1, 5), MAX);
        let kept = tally.into_addresses();
        assert!(kept[0].dismissed && kept[0].count == 2);
    }
}
