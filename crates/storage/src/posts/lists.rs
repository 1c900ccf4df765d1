//! The lists of posts: rows of published ones, and working copies by way of the indexes.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    posts::{DeskQuery, DeskSet, Post, PublicQuery, PublicSummary, StatusName},
    values::{Address, Locale, Slug, Timestamp},
};

use super::{
    Posts,
    post_record::PostRecord,
    records::{PublicRow, partition_key},
};
use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Item, decode},
    keys::{self, PublicPartition, Shelf, Table, indexes},
    paging::{List, Source},
};

impl Posts {
    /// Posts that are published now; those dated later are not even read.
    pub(super) async fn public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let wanted = self.wanted(&query.facets, now).await?;
        let drive = self.drive(&wanted).await?;
        let sources = drive.partitions.iter().map(|partition| Source {
            index: None,
            pk: partition.pk(),
        });
        let published = keys::after_moment(now);
        let top = query.before.map(|before| before.to_string());
        let top = top.map_or(published.clone(), |top| top.min(published));
        let mut name = format!("{:?}\n{:?}\n", query.after, query.before);
        wanted.describe(&mut name);
        let mut list = List::of_sources(Table::Posts, sources.collect(), top)
            .down_to(query.after.map(keys::after_moment))
            .named(keys::query("public", &name))
            .after_requests(drive.requests);
        if wanted.conditions() > 1 {
            list = list.sifted();
        }
        if drive.moving {
            list = list.moving();
        }
        let show = |row: PublicRow| {
            let seen = row.at(now).map(|mut row| {
                wanted.bring_up_to_date(&mut row);
                row
            });
            Ok(seen.filter(|row| wanted.holds_public(row)))
        };
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        list.page(dynamo, cursors, (now, page), PublicRow::place, show)
            .await
    }

    /// What lists show now of these posts, by the rows in the list of all of them.
    pub(super) async fn summaries(
        &self,
        posts: &[Post],
        now: Timestamp,
    ) -> Result<Vec<PublicSummary>> {
        let listed = posts.iter().filter_map(|post| {
            let live = post.standing.status.listed()?;
            Some(PublicPartition::Latest.row(live.published_at, post.standing.id))
        });
        let found = self
            .dynamo
            .get_many(Table::Posts, listed.collect(), Consistency::Eventual)
            .await?;
        let row = |item| Ok(decode::<Item<PublicRow>>(item)?.body.at(now));
        found
            .into_iter()
            .map(row)
            .filter_map(Result::transpose)
            .collect()
    }

    /// Working copies as they stand now.
    pub(super) async fn desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        let wanted = self.wanted(&query.facets, now).await?;
        let mut name = format!("{:?}\n{:?}\n", query.set, query.owner);
        wanted.describe(&mut name);
        let list = List::of_sources(Table::Posts, sources(query), keys::end_of_list())
            .named(keys::query("desk", &name));
        let list = match query.set {
            DeskSet::ChangedSince(since) => list.oldest_first(since.to_string()),
            DeskSet::Status(_) | DeskSet::Changed => list,
        };
        let (by_creation, status) = match query.set {
            DeskSet::Status(status) => (true, Some(status)),
            DeskSet::Changed | DeskSet::ChangedSince(_) => (false, None),
        };
        // Owners have lists of their own by status alone.
        let sifted = wanted.conditions() > 0 || query.owner.is_some() && !by_creation;
        let list = if sifted { list.sifted() } else { list };
        let place = |row: &PostRecord| {
            if by_creation {
                row.created_key.clone()
            } else {
                row.updated_key.clone()
            }
        };
        let show = |row: PostRecord| {
            let mut post = row.post(now)?;
            wanted.bring_up_to_date(&mut post.content);
            let standing = &post.standing;
            let is_wanted = status.is_none_or(|status| status == standing.status.name())
                && query.owner.is_none_or(|owner| owner == standing.owner_id)
                && wanted.holds_working(&post.content);
            Ok(Some(post).filter(|_| is_wanted))
        };
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        list.page(dynamo, cursors, (now, page), place, show).await
    }
}

/// Where the working copies of a list stand. Time may have put any of those that have a plan into
/// the status that is asked for.
fn sources(query: &DeskQuery) -> Vec<Source> {
    let DeskSet::Status(status) = query.set else {
        let pk = keys::updated_shard();
        let index = Some(indexes::BY_UPDATED);
        return vec![Source { index, pk }];
    };
    let shelves = match status {
        StatusName::Scheduled => vec![Shelf::Timed],
        StatusName::Draft | StatusName::Published => vec![Shelf::Of(status), Shelf::Timed],
        StatusName::Archived | StatusName::Trashed => vec![Shelf::Of(status)],
    };
    let source = |shelf| match query.owner {
        Some(owner) => (indexes::BY_OWNER, keys::owner_state(owner, shelf)),
        None => (indexes::BY_STATE, keys::state(shelf)),
    };
    let sources = shelves.into_iter().map(source);
    sources
        .map(|(index, pk)| Source {
            index: Some(index),
            pk,
        })
        .collect()
}

/// Those of a locale's slugs that some post holds, as of a moment ago.
pub(super) async fn taken(
    dynamo: &Dynamo,
    locale: &Locale,
    slugs: &[Slug],
) -> Result<BTreeSet<Slug>> {
    let claim = |slug: &Slug| {
        keys::claim(&Address {
            locale: locale.clone(),
            slug: slug.clone(),
        })
    };
    let claims = slugs.iter().map(claim).collect();
    let found = dynamo
        .get_many(Table::Posts, claims, Consistency::Eventual)
        .await?;
    let found: BTreeSet<_> = found.iter().filter_map(partition_key).collect();
    let held = slugs.iter().filter(|slug| found.contains(&claim(slug).pk));
    Ok(held.cloned().collect())
}
