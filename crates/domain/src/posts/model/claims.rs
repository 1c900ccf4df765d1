//! Claimed addresses of a post, derived from its state.
//!
//! The store writes the difference between the claims before and after a write, so no transition
//! lists its own claims.

use std::collections::BTreeMap;

use super::{Post, Span, Status};
use crate::values::Address;

/// State of a post's claim on an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimState {
    /// Held by a working copy that an earlier version stored. The next write releases it.
    Reserved,
    /// A former address. The post has the current one.
    Past,
    /// Public copies, each with its time span.
    Public {
        /// Time spans, in order.
        spans: Vec<Span>,
        /// Whether it is also a former address, outside of these time spans.
        past: bool,
    },
    /// Copy of an archived post.
    Archived,
}

impl Post {
    /// Whether the post holds its aliases and its language among translations: it is or was public, or will be
    /// as scheduled. The names of other drafts stay free.
    #[must_use]
    pub fn holds_names(&self) -> bool {
        self.was_public() || !self.state.status.phases().is_empty()
    }

    /// Whether the stored claims include the aliases and the language of the working copy.
    #[must_use]
    pub fn claims_names(&self) -> bool {
        self.holds_names() || self.state.reserves_names
    }

    /// The post after the release of the names that only an earlier version reserved.
    #[must_use]
    pub fn without_reserved_names(mut self) -> Self {
        self.state.reserves_names = false;
        self
    }

    /// All claimed addresses with their states. The address of a working copy is claimed by its publication.
    #[must_use]
    pub fn claims(&self) -> BTreeMap<&Address, ClaimState> {
        let state = &self.state;
        let past = state.past_addresses.iter();
        let mut claims: BTreeMap<_, _> = past.map(|address| (address, ClaimState::Past)).collect();
        if let Status::Archived { live } = &state.status {
            claims.insert(&live.address, ClaimState::Archived);
        } else {
            for phase in state.status.phases() {
                let claim = claims.entry(&phase.value.address);
                let state = claim.or_insert(ClaimState::Public {
                    spans: Vec::new(),
                    past: false,
                });
                state.add(phase.span);
            }
        }
        // The next write removes the items of copies whose time has ended.
        for live in &state.ended {
            let claim = claims.entry(&live.address);
            claim.and_modify(ClaimState::keep_expired);
        }
        if state.reserves_names {
            let working = claims.entry(&self.content.address);
            working.or_insert(ClaimState::Reserved);
        }
        claims
    }
}

impl ClaimState {
    fn keep_expired(&mut self) {
        if *self == Self::Past {
            *self = Self::Public {
                spans: Vec::new(),
                past: true,
            };
        }
    }

    fn add(&mut self, span: Span) {
        match self {
            Self::Public { spans, .. } => spans.push(span),
            Self::Reserved | Self::Past | Self::Archived => {
                *self = Self::Public {
                    spans: vec![span],
                    past: *self == Self::Past,
                };
            }
        }
    }
}
