//! The counters, beside what can be counted in the lists.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::Result;

use super::{Finding, Look, Rule, finding::Cure};
use crate::{
    dynamo::{Consistency, Range, Stretch},
    item::{Attributes, Item, decode, key_of},
    keys::{self, Key, Table},
    posts::{PublicRow, TraceRecord},
};

/// How often a counter is compared anew because posts are published meanwhile.
const ATTEMPTS: usize = 5;

impl Look<'_> {
    /// Counters that say something else than their lists; of tags, those that have lists.
    pub(super) async fn counts(&self, tags: &BTreeSet<String>) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        let tags = tags.iter().map(|tag| keys::tag_count(tag));
        for counter in tags.chain(self.counters().await?).collect::<BTreeSet<_>>() {
            if let Some(by) = self.surplus(&counter).await? {
                let detail = format!("counts {by:+} posts beside those in its list");
                found.push(Finding::new(Rule::Counts, counter, detail, Cure::Count));
            }
        }
        Ok(found)
    }

    /// The counters that are there, or would have to be.
    async fn counters(&self) -> Result<BTreeSet<Key>> {
        let mut counters: BTreeSet<_> = self.counted().await?.into_keys().collect();
        for item in self.partition(Table::Taxonomy, keys::tree()).await? {
            let category = key_of(&item).and_then(|key| keys::counted_category(&key.sk));
            counters.extend(category.map(keys::category_count));
        }
        Ok(counters)
    }

    /// What a counter says beyond what its list holds, when it still does after another look.
    pub(super) async fn surplus(&self, counter: &Key) -> Result<Option<i64>> {
        for _ in 0..ATTEMPTS {
            let before = self.counted().await?.get(counter).copied().unwrap_or(0);
            let listed = self.listed(counter).await?;
            let after = self.counted().await?.get(counter).copied().unwrap_or(0);
            if before == listed {
                return Ok(None);
            }
            if before == after {
                return Ok(Some(before - listed));
            }
        }
        Ok(None)
    }

    /// What is counted at this moment, traces whose time has come included.
    async fn counted(&self) -> Result<BTreeMap<Key, i64>> {
        let mut counted: BTreeMap<Key, i64> = BTreeMap::new();
        let (pk, ends) = keys::category_counts(self.now);
        let categories = self
            .stretch(Table::Taxonomy, pk, Range::Rising(ends))
            .await?;
        let tags = self.partition(Table::Taxonomy, keys::tag_counts()).await?;
        for item in categories.into_iter().chain(tags) {
            let Some(key) = key_of(&item) else { continue };
            if keys::read_trace(&key.sk).is_none() {
                *counted.entry(key).or_default() += posts_of(&item);
                continue;
            }
            let trace = decode::<Item<TraceRecord>>(item)?.body;
            let counts = trace.counts.unwrap_or_default();
            for (id, by) in counts.categories {
                *counted.entry(keys::category_count(id)).or_default() += by;
            }
            for (tag, by) in counts.tags {
                *counted.entry(keys::tag_count(&tag)).or_default() += by;
            }
        }
        Ok(counted)
    }

    /// How many posts are to be seen in the list that a counter is about.
    async fn listed(&self, counter: &Key) -> Result<i64> {
        let Some(list) = keys::counted_list(counter) else {
            return Ok(0);
        };
        let mut seen = 0;
        for row in self.partition(Table::Posts, list.pk()).await? {
            // One that cannot be read is a finding of its own.
            let row = decode::<Item<PublicRow>>(row).ok();
            let shown = row.and_then(|row| row.body.at(self.now));
            seen += i64::from(shown.is_some());
        }
        Ok(seen)
    }

    /// Everything in a partition.
    pub(super) async fn partition(&self, table: Table, pk: String) -> Result<Vec<Attributes>> {
        let range = Range::Below(keys::end_of_references());
        self.stretch(table, pk, range).await
    }

    async fn stretch(&self, table: Table, pk: String, range: Range) -> Result<Vec<Attributes>> {
        let stretch = Stretch {
            index: None,
            pk,
            range,
            limit: usize::MAX,
            consistency: Consistency::Strong,
        };
        self.dynamo.query(table, stretch).await
    }
}

/// What a counter says.
pub(super) fn posts_of(counter: &Attributes) -> i64 {
    match counter.get("posts") {
        Some(AttributeValue::N(number)) => number.parse().unwrap_or_default(),
        _ => 0,
    }
}
