//! Compares the items of one post with the expected ones.

use std::collections::BTreeMap;

use tintero_domain::{
    posts::{ClaimState, LiveCopy, Phased},
    values::{PostId, Timestamp},
};

use super::{DoctorFinding, DoctorRule, expected_items::ExpectedItems, finding::Fix, strays};
use crate::{
    item::{Attributes, Item, decode},
    keys::{self, ItemKey},
    posts::{ClaimRecord, PublicRow},
};

/// One post at one version, with its expected and existing items.
pub(super) struct ExpectedState {
    pub(super) id: PostId,
    pub(super) now: Timestamp,
    pub(super) expected: ExpectedItems,
    /// Existing items of the table of posts.
    pub(super) existing: BTreeMap<ItemKey, Attributes>,
    /// Existing pending cleanups.
    pub(super) plans: BTreeMap<ItemKey, Attributes>,
    /// The live copies of the phases, if they can be read.
    pub(super) copies: Option<Vec<LiveCopy>>,
}

impl ExpectedState {
    /// Finds missing items and items that contradict the post.
    pub(super) fn findings(&self) -> Vec<DoctorFinding> {
        let claims = self.expected.claims.keys().filter_map(|key| {
            let wrong = self.wrong_claim(key)?;
            Some(self.rewritable(DoctorRule::Claims, key, wrong))
        });
        let unreadable = self.copies.is_none().then(|| {
            let detail = "has live copies that cannot be read; publish it again";
            DoctorFinding::new(DoctorRule::Claims, keys::post(self.id), detail, Fix::None)
        });
        let rows = self.expected.rows.iter().filter_map(|(key, phases)| {
            let wrong = self.wrong_row(key, phases)?;
            Some(self.rewritable(DoctorRule::Rows, key, wrong))
        });
        let names = self.unheld(DoctorRule::Names, &self.expected.names);
        let translation = self.unheld(DoctorRule::Translations, &self.expected.translation);
        let reserved = self.expected.claims.iter().filter_map(|(key, state)| {
            let (id, detail) = (self.id, "is reserved by a post that was never public there");
            let is_reserved = *state == ClaimState::Reserved && self.existing.contains_key(key);
            let fix = Fix::ReleaseNames(id);
            is_reserved.then(|| DoctorFinding::new(DoctorRule::Claims, key.clone(), detail, fix))
        });
        let revisions = self.expected.revisions.iter();
        let texts = revisions
            .filter(|key| !self.existing.contains_key(key))
            .map(|key| DoctorFinding::new(DoctorRule::Texts, key.clone(), "is missing", Fix::None));
        let plans = self.expected.plans.iter();
        let plans = plans
            .filter(|key| !self.plans.contains_key(key))
            .map(|key| self.rewritable(DoctorRule::Plans, key, "is missing"));
        claims
            .chain(unreadable)
            .chain(rows)
            .chain(names)
            .chain(translation)
            .chain(reserved)
            .chain(texts)
            .chain(plans)
            .collect()
    }

    /// Finds names that the post does not hold.
    fn unheld<'a>(
        &'a self,
        rule: DoctorRule,
        names: impl IntoIterator<Item = &'a ItemKey>,
    ) -> impl Iterator<Item = DoctorFinding> {
        let names = names.into_iter().filter(|key| !self.holds(key));
        names.map(move |key| self.rewritable(rule, key, "is not held by its post"))
    }

    /// The existing claims that can be decoded.
    pub(super) fn readable_claims(&self) -> Vec<ClaimRecord> {
        let claims = self.expected.claims.keys();
        claims
            .filter_map(|key| self.claim(key)?.ok().map(|claim| claim.body))
            .collect()
    }

    fn rewritable(&self, rule: DoctorRule, key: &ItemKey, detail: &str) -> DoctorFinding {
        DoctorFinding::new(rule, key.clone(), detail, Fix::Rewrite(self.id))
    }

    fn claim(&self, key: &ItemKey) -> Option<tintero_domain::Result<Item<ClaimRecord>>> {
        self.existing.get(key).cloned().map(decode)
    }

    fn wrong_claim(&self, key: &ItemKey) -> Option<&'static str> {
        match self.claim(key) {
            None => Some("is missing"),
            Some(Err(_)) => Some("cannot be read"),
            Some(Ok(claim)) => {
                let state = self.expected.claims.get(key)?;
                claim.body.differs(self.id, state, self.now)
            }
        }
    }

    fn holds(&self, name: &ItemKey) -> bool {
        self.existing.get(name).and_then(strays::owner) == Some(self.id)
    }

    /// The fault of a row in a public list. A row of an ended phase may exist or not.
    fn wrong_row(&self, key: &ItemKey, phases: &[Phased<usize>]) -> Option<&'static str> {
        if phases.is_empty() {
            return None;
        }
        let Some(item) = self.existing.get(key) else {
            return Some("is missing");
        };
        let Ok(Item { body: row, .. }) = decode::<Item<PublicRow>>(item.clone()) else {
            return Some("cannot be read");
        };
        let copies = self.copies.as_deref()?;
        let shown: Vec<_> = phases
            .iter()
            .filter_map(|phase| {
                let value = &copies.get(phase.value)?.summary;
                let span = phase.span;
                Some(Phased { span, value })
            })
            .collect();
        let right = PublicRow::of(&shown, self.now)?;
        (!row.shows(&right)).then_some("differs from its post")
    }
}
