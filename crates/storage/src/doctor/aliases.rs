//! Merged and deleted tags, and the marks on their counters that keep posts out of their lists.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    taxonomy::{TagAliases, TagTombstone},
};

use super::{Check, DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    item::{EntityType, Item, decode, entity},
    keys::{self, Table},
};

impl Check<'_> {
    /// Finds counters with a wrong mark and cycles of aliases.
    pub(super) async fn aliases(&self) -> Result<Vec<DoctorFinding>> {
        let aliases = self.tag_aliases().await?;
        let mut wrong = self.wrongly_marked(&aliases).await?;
        if !wrong.is_empty() {
            // A tag can be merged or recreated between the two reads.
            let aliases = self.tag_aliases().await?;
            let still = self.wrongly_marked(&aliases).await?;
            wrong.retain(|tag| still.contains(tag));
        }
        let marks = wrong.into_iter().map(|tag| {
            let detail = if aliases.get(&tag).is_some() {
                "lacks the mark of a merged or deleted tag"
            } else {
                "is marked as merged or deleted, but its tag exists"
            };
            DoctorFinding::new(
                DoctorRule::Aliases,
                keys::tag_count(&tag),
                detail,
                Fix::Mark(tag),
            )
        });
        let circles = aliases.iter().filter(|alias| {
            let end = aliases.resolve(&alias.tag);
            aliases.get(&end.folded()).is_some()
        });
        let circles = circles.map(|alias| {
            let key = keys::tag_tombstone(&alias.tag.folded());
            let detail = "is part of a cycle of aliases";
            DoctorFinding::new(DoctorRule::Aliases, key, detail, Fix::None)
        });
        Ok(marks.chain(circles).collect())
    }

    async fn tag_aliases(&self) -> Result<TagAliases> {
        let items = self.partition(Table::Taxonomy, keys::tree()).await?;
        let retired = items
            .into_iter()
            .filter(|item| entity(item) == Some(EntityType::TagTombstone));
        retired
            .map(|item| Ok(decode::<Item<TagTombstone>>(item)?.body))
            .collect()
    }

    async fn wrongly_marked(&self, aliases: &TagAliases) -> Result<BTreeSet<String>> {
        let mut marked = BTreeSet::new();
        for item in self.partition(Table::Taxonomy, keys::tag_counts()).await? {
            if item.contains_key("retired") {
                let tag = item.get("sk").and_then(|sk| sk.as_s().ok());
                let tag = tag.and_then(|sk| keys::counted_tag(sk));
                marked.extend(tag.map(str::to_owned));
            }
        }
        let retired: BTreeSet<_> = aliases.iter().map(|alias| alias.tag.folded()).collect();
        Ok(marked.symmetric_difference(&retired).cloned().collect())
    }
}
