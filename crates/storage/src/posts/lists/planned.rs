//! The list of scheduled posts by planned time. It is read from the pending cleanups, which are sorted by time.

use std::collections::HashMap;

use tintero_domain::{
    Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    posts::{DeskQuery, Post, Status},
    values::{PostId, Timestamp},
};

use super::resolved_filter::ResolvedFilter;
use crate::{
    dynamo::{KeyRange, RangeQuery},
    item::key_of,
    keys::{self, Table},
    posts::{DynamoPostStore, find_posts},
};

/// Maximum number of reads of a page. A page that reaches it is short or empty, and has a cursor.
const ROUNDS: usize = 2;

/// Rows of each read if a filter rejects most of them.
const FILTERED_ROWS: usize = 64;

/// A scheduled change of a post.
struct PlannedRow {
    sort_key: String,
    at: Timestamp,
    post: PostId,
}

impl PlannedRow {
    /// Whether the post is published at this time for the first time since it was scheduled. Other
    /// changes are replacements and withdrawals.
    fn begins(&self, post: &Post) -> bool {
        matches!(&post.state.status, Status::Scheduled { live, .. } if live.from == self.at)
    }
}

impl DynamoPostStore {
    /// Lists scheduled posts, the first planned first.
    pub(super) async fn planned(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        let filter = self.resolve_filter(&query.facets, now).await?;
        let mut name = format!("{:?}\n", query.owner);
        filter.describe(&mut name);
        let name = keys::query("planned", &name);
        let cursor = page.cursor.as_ref();
        let cursor = cursor.map(|cursor| self.cursors.open(&name, cursor, now));
        let mut after = cursor.transpose()?;
        let limit = page.limit.get();
        let is_filtered = filter.conditions() > 0 || query.owner.is_some();
        let step = if is_filtered {
            FILTERED_ROWS
        } else {
            limit + 1
        };
        let (mut items, mut shown) = (Vec::new(), None);
        for _ in 0..ROUNDS {
            let rows = self.planned_rows(after.as_deref(), step, now).await?;
            let is_last = rows.len() < step;
            let mut posts = self.planned_posts(&rows, now).await?;
            for row in rows {
                let post = posts.remove(&row.post).filter(|post| row.begins(post));
                let post = post.and_then(|post| matching(post, query, &filter));
                after = Some(row.sort_key.clone());
                let Some(post) = post else { continue };
                if items.len() == limit {
                    let next = shown.map(|key: String| self.cursors.seal(&name, &key, now));
                    return Ok(Page { items, next });
                }
                items.push(post);
                shown = Some(row.sort_key);
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
        }
        let next = after.map(|key| self.cursors.seal(&name, &key, now));
        Ok(Page { items, next })
    }

    /// Reads the scheduled changes after `now` and after a sort key. Returns fewer than `limit` only at the
    /// end.
    async fn planned_rows(
        &self,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<PlannedRow>> {
        let (pk, [first, last]) = keys::planned_cleanups(now);
        let start = after.map_or(first.clone(), |after| first.max(after.to_owned()));
        let range = KeyRange::Ascending([start, last]);
        // The range includes the row of the cursor.
        let query = RangeQuery::first(pk, range, limit + 1);
        let items = self.dynamo.query(Table::Taxonomy, query).await?;
        let keys = items.iter().filter_map(key_of);
        let keys = keys.filter(|key| Some(key.sk.as_str()) != after);
        let rows = keys.filter_map(|key| {
            let (at, post, _) = keys::parse_cleanup(&key.sk)?;
            let sort_key = key.sk;
            Some(PlannedRow { sort_key, at, post })
        });
        Ok(rows.take(limit).collect())
    }

    async fn planned_posts(
        &self,
        rows: &[PlannedRow],
        now: Timestamp,
    ) -> Result<HashMap<PostId, Post>> {
        let mut ids: Vec<_> = rows.iter().map(|row| row.post).collect();
        ids.sort_unstable();
        ids.dedup();
        let posts = find_posts(&self.dynamo, &ids, Freshness::Recent, now).await?;
        Ok(posts
            .into_iter()
            .map(|post| (post.state.id, post))
            .collect())
    }
}

fn matching(mut post: Post, query: &DeskQuery, filter: &ResolvedFilter) -> Option<Post> {
    filter.update_taxonomy(&mut post.content);
    let is_owned = query.owner.is_none_or(|owner| owner == post.state.owner_id);
    (is_owned && filter.matches_working(&post.content)).then_some(post)
}
