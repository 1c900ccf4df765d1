//! Which addresses a post holds, as a function of how it stands.
//!
//! The store writes the difference between what this says before a write and after it, so
//! no transition has a list of its own of claims to make and to give back.

use std::collections::BTreeMap;

use super::{Post, Status};
use crate::values::Address;

/// What a post's claim on an address tells those who come there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// Taken, and nothing to be seen.
    Reserved,
    /// The live copy is here.
    Live,
    /// It was here; ask the post where it is now.
    Past,
}

impl Post {
    /// Every address that the post holds, and what each of them says.
    #[must_use]
    pub fn claims(&self) -> BTreeMap<&Address, ClaimState> {
        let past = self.standing.past_addresses.iter();
        let mut claims: BTreeMap<_, _> = past.map(|address| (address, ClaimState::Past)).collect();
        let working = &self.content.address;
        match &self.standing.status {
            Status::Published { live } => {
                claims.entry(working).or_insert(ClaimState::Reserved);
                claims.insert(&live.address, ClaimState::Live);
            }
            Status::Draft | Status::Trashed => {
                claims.entry(working).or_insert(ClaimState::Reserved);
            }
        }
        claims
    }
}
