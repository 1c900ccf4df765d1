//! Everything that follows from a post: what has to be there, and what may be.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::posts::{ClaimState, Phased, Post};

use crate::{
    keys::{self, Key},
    posts::{names, planned, rows, translation},
};

/// What follows from a post in the table of posts.
pub(super) struct Expected {
    pub(super) claims: BTreeMap<Key, ClaimState>,
    pub(super) names: BTreeSet<Key>,
    /// Its language among the translations of another post.
    pub(super) language: Option<Key>,
    /// With the phases in which the post stands there: none for what time has ended, which may
    /// still be there.
    pub(super) rows: BTreeMap<Key, Vec<Phased<usize>>>,
    /// In the table of the taxonomy.
    pub(super) plans: BTreeSet<Key>,
    pub(super) revisions: BTreeSet<Key>,
}

impl Expected {
    pub(super) fn of(post: &Post) -> Self {
        let (id, standing) = (post.standing.id, &post.standing);
        let phases = standing.status.phases();
        let shown = phases.iter().map(|phase| phase.what.revision);
        let claims = post.claims();
        Self {
            claims: claims
                .into_iter()
                .map(|(address, state)| (keys::claim(address), state))
                .collect(),
            names: names(&post.content)
                .iter()
                .map(|(name, ..)| keys::name(name))
                .collect(),
            language: translation(&post.content),
            rows: rows(post),
            plans: planned(post)
                .into_keys()
                .map(|at| keys::trace(at, id, None))
                .collect(),
            revisions: shown
                .chain([standing.revision])
                .map(|revision| keys::revision(id, revision))
                .collect(),
        }
    }

    /// True when the post knows of an item at this place outside of its own partition.
    pub(super) fn knows(&self, key: &Key) -> bool {
        self.claims.contains_key(key)
            || self.names.contains(key)
            || self.language.as_ref() == Some(key)
            || self.rows.contains_key(key)
    }

    /// The places at which something has to be.
    pub(super) fn places(&self) -> Vec<Key> {
        let rows = self.rows.iter().filter(|(_, phases)| !phases.is_empty());
        let claims = self.claims.keys().chain(&self.names).chain(&self.language);
        claims
            .chain(rows.map(|(row, _)| row))
            .chain(&self.revisions)
            .cloned()
            .collect()
    }
}
