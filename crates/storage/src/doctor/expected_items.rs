//! The items that are derived from a post.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::posts::{ClaimState, Phased, Post};

use crate::{
    keys::{self, ItemKey},
    posts::{held_names, planned, rows, translation},
};

/// The items that are derived from a post.
pub(super) struct ExpectedItems {
    pub(super) claims: BTreeMap<ItemKey, ClaimState>,
    pub(super) names: BTreeSet<ItemKey>,
    /// Its item among the translations of another post.
    pub(super) translation: Option<ItemKey>,
    /// Rows in public lists with their phases. A row without phases has ended and may still exist.
    pub(super) rows: BTreeMap<ItemKey, Vec<Phased<usize>>>,
    /// Pending cleanups at the times of planned changes, in the taxonomy table.
    pub(super) plans: BTreeSet<ItemKey>,
    pub(super) revisions: BTreeSet<ItemKey>,
}

impl ExpectedItems {
    pub(super) fn of(post: &Post) -> Self {
        let (id, state) = (post.state.id, &post.state);
        let phases = state.status.phases();
        let shown = phases.iter().map(|phase| phase.value.revision);
        let claims = post.claims();
        Self {
            claims: claims
                .into_iter()
                .map(|(address, state)| (keys::claim(address), state))
                .collect(),
            names: held_names(post).iter().map(keys::name).collect(),
            translation: translation(post),
            rows: rows(post),
            plans: planned(post)
                .into_keys()
                .map(|at| keys::cleanup(at, id, None))
                .collect(),
            revisions: shown
                .chain([state.revision])
                .map(|revision| keys::revision(id, revision))
                .collect(),
        }
    }

    /// Whether the post refers to this item outside of its own partition.
    pub(super) fn knows(&self, key: &ItemKey) -> bool {
        self.claims.contains_key(key)
            || self.names.contains(key)
            || self.translation.as_ref() == Some(key)
            || self.rows.contains_key(key)
    }

    /// The keys of items that must exist.
    pub(super) fn required_keys(&self) -> Vec<ItemKey> {
        let rows = self.rows.iter().filter(|(_, phases)| !phases.is_empty());
        let claims = self
            .claims
            .keys()
            .chain(&self.names)
            .chain(&self.translation);
        claims
            .chain(rows.map(|(row, _)| row))
            .chain(&self.revisions)
            .cloned()
            .collect()
    }
}
