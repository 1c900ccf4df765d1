//! Lists the tags of published posts.

use async_trait::async_trait;
use tintero_domain::{
    Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    taxonomy::{TagCounts, TagStore, UsedTag},
    values::Timestamp,
};

use super::{DynamoTaxonomyStore, tag_counts};
use crate::dynamo::Consistency;

/// Name of the list in cursors.
const LIST_NAME: &str = "tags";

/// Maximum number of counter queries per page. Counters of unused tags may make a page short.
const MAX_REQUESTS: usize = 4;

#[async_trait]
impl TagStore for DynamoTaxonomyStore {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UsedTag>> {
        let mut after = match &page.cursor {
            Some(cursor) => Some(self.cursors.open(LIST_NAME, cursor, now)?),
            None => None,
        };
        let tree = self.shared_tree(Freshness::Recent).await?;
        let (aliases, limit) = (&tree.tags, page.limit.get());
        // Source lists are counted before target lists, so that posts in relocation are not missed.
        let due = self.additional_counts(aliases, now).await?;
        let mut items: Vec<UsedTag> = Vec::new();
        for _ in 0..MAX_REQUESTS {
            let counters = self.counters_after(after.as_deref(), limit + 1).await?;
            let used = tag_counts::used(&counters, &due, after.as_deref());
            items.extend(used.filter(|tag| aliases.get(&tag.folded).is_none()));
            after = counters.end;
            if items.len() > limit || after.is_none() {
                break;
            }
        }
        if items.len() > limit {
            items.truncate(limit);
            after = items.last().map(|tag| tag.folded.clone());
        }
        let next = after.map(|tag| self.cursors.seal(LIST_NAME, &tag, now));
        Ok(Page { items, next })
    }

    async fn tag_counts(&self, lists: &[String], now: Timestamp) -> Result<TagCounts> {
        let lists = lists.iter().map(String::as_str);
        Ok(TagCounts {
            counters: self.counters_of(lists, Consistency::Strong).await?,
            due: self.due_counts(now, Consistency::Strong).await?,
        })
    }
}
