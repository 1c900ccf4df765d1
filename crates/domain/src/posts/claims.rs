//! Which addresses a post holds, as a function of how it stands.
//!
//! The store writes the difference between what this says before a write and after it, so
//! no transition has a list of its own of claims to make and to give back.

use std::collections::BTreeMap;

use super::{Post, Span, Status};
use crate::values::Address;

/// What a post's claim on an address tells those who come there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimState {
    /// Taken, and nothing to be seen.
    Reserved,
    /// It was here; ask the post where it is now.
    Past,
    /// Live copies are here, each in its time.
    Public {
        /// When, in order.
        spans: Vec<Span>,
        /// True when it was here before, too: outside of these times, ask the post.
        past: bool,
    },
    /// The live copy of an archived post is here.
    Archived,
}

impl Post {
    /// Every address that the post holds, and what each of them says.
    #[must_use]
    pub fn claims(&self) -> BTreeMap<&Address, ClaimState> {
        let state = &self.state;
        let past = state.past_addresses.iter();
        let mut claims: BTreeMap<_, _> = past.map(|address| (address, ClaimState::Past)).collect();
        if let Status::Archived { live } = &state.status {
            claims.insert(&live.address, ClaimState::Archived);
        } else {
            for phase in state.status.phases() {
                let claim = claims.entry(&phase.what.address);
                let state = claim.or_insert(ClaimState::Public {
                    spans: Vec::new(),
                    past: false,
                });
                state.add(phase.span);
            }
        }
        // What is left of a copy whose time has ended is to be cleared away by the next write.
        for live in &state.ended {
            let claim = claims.entry(&live.address);
            claim.and_modify(ClaimState::outlived);
        }
        let working = claims.entry(&self.content.address);
        working.or_insert(ClaimState::Reserved);
        claims
    }
}

impl ClaimState {
    fn outlived(&mut self) {
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
