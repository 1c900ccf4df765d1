//! Lists of posts: public rows, and working copies through the indexes.

mod changes;
mod current_taxonomy;
mod planned;
mod preferred;
mod query_plan;
mod resolved_filter;
mod texts;

use tintero_domain::{
    Result,
    clock::MAX_SKEW,
    page::{Page, PageRequest},
    posts::{
        DeskQuery, DeskSet, ListKey, ListedPost, Post, PublicQuery, PublicSummary, StatusName,
    },
    values::{PostId, Timestamp, UserId},
};

use self::resolved_filter::ResolvedFilter;
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::decode_body,
    keys::{self, PublicPartition, StatusPartition, Table, indexes},
    paging::{ListPartition, ListQuery},
    posts::{DynamoPostStore, PublicRow, items::PostRecord},
};

impl DynamoPostStore {
    /// Lists the posts that are public at `now`. Reads rows with dates up to [`MAX_SKEW`] later, because
    /// another server may have published them.
    pub(super) async fn public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let filter = self.resolve_filter(&query.facets, now).await?;
        self.public_rows(query, &filter, now, page).await
    }

    async fn public_rows(
        &self,
        query: &PublicQuery,
        filter: &ResolvedFilter,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let plan = self.plan(filter).await?;
        let partitions = plan.partitions.iter().map(|partition| ListPartition {
            index: None,
            pk: partition.pk(),
        });
        let published = keys::after_moment(now.after(MAX_SKEW));
        let top = query.before.map(|before| before.to_string());
        let top = top.map_or(published.clone(), |top| top.min(published));
        let mut list = ListQuery::of_partitions(Table::Posts, partitions.collect(), top)
            .down_to(query.after.map(keys::after_moment))
            .named(public_name(query, filter))
            .after_requests(plan.requests);
        if filter.conditions() > 1 {
            list = list.filtered();
        }
        if plan.moving {
            list = list.moving();
        }
        let show = |row: PublicRow| {
            let mut summary = row.at(now);
            if let Some(summary) = &mut summary {
                filter.update_taxonomy(summary);
            }
            Ok(summary.filter(|summary| filter.matches_public(summary)))
        };
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        let mut found = list
            .page(dynamo, cursors, (now, page), PublicRow::place, show)
            .await?;
        if filter.locales.len() > 1 {
            found.items = self.prefer(found.items, &filter.locales, now).await?;
        }
        Ok(found)
    }

    /// Reads the public summaries of posts. Eventually consistent.
    pub(super) async fn summaries(
        &self,
        posts: &[Post],
        now: Timestamp,
    ) -> Result<Vec<PublicSummary>> {
        let listed = posts.iter().filter_map(|post| {
            let live = post.state.status.listed()?;
            Some(PublicPartition::Latest.row(live.published_at, post.state.id))
        });
        let rows = listed.collect();
        let read = self
            .dynamo
            .find_many(Table::Posts, rows, Consistency::Eventual);
        let rows: Vec<PublicRow> = read.await?;
        Ok(rows.into_iter().filter_map(|row| row.at(now)).collect())
    }

    /// Lists working copies.
    pub(super) async fn desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        if query.set == DeskSet::Planned {
            return self.planned(query, now, page).await;
        }
        let filter = self.resolve_filter(&query.facets, now).await?;
        let mut name = format!("{:?}\n{:?}\n", query.set, query.owner);
        filter.describe(&mut name);
        let partitions = desk_partitions(query);
        let mut list = ListQuery::of_partitions(Table::Posts, partitions, keys::end_of_list())
            .named(keys::query("desk", &name));
        let status = match query.set {
            DeskSet::Status(status) => Some(status),
            DeskSet::Changed | DeskSet::Planned => None,
            DeskSet::ChangedSince(since) => {
                list = list.oldest_first(since.to_string());
                None
            }
        };
        // Only lists by status have partitions per owner.
        if filter.conditions() > 0 || query.owner.is_some() && status.is_none() {
            list = list.filtered();
        }
        let place = |row: &PostRecord| match status {
            Some(_) => row.created_key.clone(),
            None => row.updated_key.clone(),
        };
        let show = |row: PostRecord| {
            let mut post = row.post(now)?;
            filter.update_taxonomy(&mut post.content);
            let state = &post.state;
            let matches = status.is_none_or(|status| status == state.status.name())
                && query.owner.is_none_or(|owner| owner == state.owner_id)
                && filter.matches_working(&post.content);
            Ok(Some(post).filter(|_| matches))
        };
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        list.page(dynamo, cursors, (now, page), place, show).await
    }

    /// Returns posts of an owner, in the order of their status. Eventually consistent.
    pub(super) async fn posts_of(&self, owner: UserId, limit: usize) -> Result<Vec<PostId>> {
        let mut ids = Vec::new();
        for partition in StatusPartition::all() {
            let query = RangeQuery {
                index: Some(indexes::BY_OWNER),
                pk: keys::owner_state(owner, partition),
                range: KeyRange::Below(keys::end_of_list()),
                limit: limit - ids.len(),
                consistency: Consistency::Eventual,
            };
            for item in self.dynamo.query(Table::Posts, query).await? {
                let row = decode_body::<PostRecord>(item)?;
                ids.extend(keys::parse_moment(&row.created_key).map(|(_, id)| id));
            }
            if ids.len() >= limit {
                break;
            }
        }
        Ok(ids)
    }

    /// Returns the rows of a list in descending order, whether they are public or not.
    pub(super) async fn rows_of(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        let range = KeyRange::Below(below.map_or_else(keys::end_of_list, str::to_owned));
        let query = RangeQuery::first(PublicPartition::from(list).pk(), range, limit);
        let rows = self.dynamo.query(Table::Posts, query).await?;
        let listed = |row| {
            let row = decode_body::<PublicRow>(row)?;
            Ok(ListedPost {
                id: row.post(),
                position: row.place(),
            })
        };
        rows.into_iter().map(listed).collect()
    }
}

/// The name of a list of published posts in cursors.
fn public_name(query: &PublicQuery, filter: &ResolvedFilter) -> String {
    let mut name = format!("{:?}\n{:?}\n", query.after, query.before);
    filter.describe(&mut name);
    keys::query("public", &name)
}

/// The partitions with the working copies of a list. A post with a scheduled change is in a partition
/// of its own and may have any status.
fn desk_partitions(query: &DeskQuery) -> Vec<ListPartition> {
    let DeskSet::Status(status) = query.set else {
        return vec![ListPartition {
            index: Some(indexes::BY_UPDATED),
            pk: keys::updated_shard(),
        }];
    };
    let of_status = StatusPartition::Of(status);
    let partitions = match status {
        StatusName::Scheduled => vec![StatusPartition::Timed],
        StatusName::Draft | StatusName::Published => vec![of_status, StatusPartition::Timed],
        StatusName::Archived | StatusName::Trashed => vec![of_status],
    };
    let partition = |partition| match query.owner {
        Some(owner) => ListPartition {
            index: Some(indexes::BY_OWNER),
            pk: keys::owner_state(owner, partition),
        },
        None => ListPartition {
            index: Some(indexes::BY_STATE),
            pk: keys::state(partition),
        },
    };
    partitions.into_iter().map(partition).collect()
}
