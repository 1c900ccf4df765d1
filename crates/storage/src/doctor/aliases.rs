//! Tags that went, and the marks on their counters that keep posts out of their lists.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    tags::{Alias, Aliases},
};

use super::{Finding, Look, Rule, finding::Cure};
use crate::{
    item::{EntityType, Item, decode, entity},
    keys::{self, Table},
};

impl Look<'_> {
    /// Counters that do not say of their tag what is so, and tags for which nothing stands.
    pub(super) async fn aliases(&self) -> Result<Vec<Finding>> {
        let aliases = self.tags_that_went().await?;
        let mut wrong = self.wrongly_marked(&aliases).await?;
        if !wrong.is_empty() {
            // Some may have gone, or come back, between the two reads.
            let aliases = self.tags_that_went().await?;
            let still = self.wrongly_marked(&aliases).await?;
            wrong.retain(|tag| still.contains(tag));
        }
        let marks = wrong.into_iter().map(|tag| {
            let detail = if aliases.get(&tag).is_some() {
                "does not say that its tag went"
            } else {
                "says that its tag went, and it did not"
            };
            Finding::new(
                Rule::Aliases,
                keys::tag_count(&tag),
                detail,
                Cure::Mark(tag),
            )
        });
        let circles = aliases.iter().filter(|alias| {
            let end = aliases.resolve(&alias.tag);
            aliases.get(&end.folded()).is_some()
        });
        let circles = circles.map(|alias| {
            let place = keys::retired_tag(&alias.tag.folded());
            let detail = "leads in a circle";
            Finding::new(Rule::Aliases, place, detail, Cure::None)
        });
        Ok(marks.chain(circles).collect())
    }

    async fn tags_that_went(&self) -> Result<Aliases> {
        let items = self.partition(Table::Taxonomy, keys::tree()).await?;
        let went = items
            .into_iter()
            .filter(|item| entity(item) == Some(EntityType::RetiredTag));
        went.map(|item| Ok(decode::<Item<Alias>>(item)?.body))
            .collect()
    }

    async fn wrongly_marked(&self, aliases: &Aliases) -> Result<BTreeSet<String>> {
        let mut marked = BTreeSet::new();
        for item in self.partition(Table::Taxonomy, keys::tag_counts()).await? {
            if item.contains_key("retired") {
                let tag = item.get("sk").and_then(|sk| sk.as_s().ok());
                let tag = tag.and_then(|sk| keys::counted_tag(sk));
                marked.extend(tag.map(str::to_owned));
            }
        }
        let went: BTreeSet<_> = aliases.iter().map(|alias| alias.tag.folded()).collect();
        Ok(marked.symmetric_difference(&went).cloned().collect())
    }
}
