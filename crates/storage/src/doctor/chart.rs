//! What should be there of a post beside what is.

use std::collections::BTreeMap;

use tintero_domain::{
    posts::{LiveCopy, Phased},
    values::{PostId, Timestamp},
};

use super::{Finding, Rule, expected::Expected, finding::Cure, strays};
use crate::{
    item::{Attributes, Item, decode},
    keys::{self, Key},
    posts::{ClaimRecord, PublicRow},
};

/// Everything about one post, read at one version of it.
pub(super) struct Chart {
    pub(super) id: PostId,
    pub(super) now: Timestamp,
    pub(super) expected: Expected,
    /// Of the table of posts.
    pub(super) there: BTreeMap<Key, Attributes>,
    /// Of the notes of what is planned.
    pub(super) plans: BTreeMap<Key, Attributes>,
    /// What the public gets in each phase, when it can be read.
    pub(super) copies: Option<Vec<LiveCopy>>,
}

impl Chart {
    /// Everything that is missing, or says something else than the post.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let claims = self.expected.claims.keys().filter_map(|key| {
            let wrong = self.wrong_claim(key)?;
            Some(self.to_rewrite(Rule::Claims, key, wrong))
        });
        let unreadable = self.copies.is_none().then(|| {
            let detail = "cannot be given to the public; publish it again";
            Finding::new(Rule::Claims, keys::post(self.id), detail, Cure::None)
        });
        let rows = self.expected.rows.iter().filter_map(|(key, phases)| {
            let wrong = self.wrong_row(key, phases)?;
            Some(self.to_rewrite(Rule::Rows, key, wrong))
        });
        let names = self.unheld(Rule::Names, &self.expected.names);
        let language = self.unheld(Rule::Translations, &self.expected.language);
        let revisions = self.expected.revisions.iter();
        let texts = revisions
            .filter(|key| !self.there.contains_key(key))
            .map(|key| Finding::new(Rule::Texts, key.clone(), "is missing", Cure::None));
        let plans = self.expected.plans.iter();
        let plans = plans
            .filter(|key| !self.plans.contains_key(key))
            .map(|key| self.to_rewrite(Rule::Plans, key, "is missing"));
        claims
            .chain(unreadable)
            .chain(rows)
            .chain(names)
            .chain(language)
            .chain(texts)
            .chain(plans)
            .collect()
    }

    /// The names that the post does not hold.
    fn unheld<'a>(
        &'a self,
        rule: Rule,
        names: impl IntoIterator<Item = &'a Key>,
    ) -> impl Iterator<Item = Finding> {
        let names = names.into_iter().filter(|key| !self.holds(key));
        names.map(move |key| self.to_rewrite(rule, key, "is not held by its post"))
    }

    /// The claims that are there and can be read.
    pub(super) fn readable_claims(&self) -> Vec<ClaimRecord> {
        let claims = self.expected.claims.keys();
        claims
            .filter_map(|key| self.claim(key)?.ok().map(|claim| claim.body))
            .collect()
    }

    fn to_rewrite(&self, rule: Rule, place: &Key, detail: &str) -> Finding {
        Finding::new(rule, place.clone(), detail, Cure::Rewrite(self.id))
    }

    fn claim(&self, key: &Key) -> Option<tintero_domain::Result<Item<ClaimRecord>>> {
        self.there.get(key).cloned().map(decode)
    }

    fn wrong_claim(&self, key: &Key) -> Option<&'static str> {
        match self.claim(key) {
            None => Some("is missing"),
            Some(Err(_)) => Some("cannot be read"),
            Some(Ok(claim)) => {
                let state = self.expected.claims.get(key)?;
                claim.body.differs(self.id, state, self.now)
            }
        }
    }

    fn holds(&self, name: &Key) -> bool {
        self.there.get(name).and_then(strays::owner) == Some(self.id)
    }

    /// What is wrong with a row of a public list. What time has ended may be there or not.
    fn wrong_row(&self, key: &Key, phases: &[Phased<usize>]) -> Option<&'static str> {
        if phases.is_empty() {
            return None;
        }
        let Some(item) = self.there.get(key) else {
            return Some("is missing");
        };
        let Ok(Item { body: row, .. }) = decode::<Item<PublicRow>>(item.clone()) else {
            return Some("cannot be read");
        };
        let copies = self.copies.as_deref()?;
        let shown: Vec<_> = phases
            .iter()
            .filter_map(|phase| {
                let what = &copies.get(phase.what)?.summary;
                let span = phase.span;
                Some(Phased { span, what })
            })
            .collect();
        let right = PublicRow::of(&shown)?;
        (!row.shows(&right)).then_some("shows something else than its post")
    }
}
