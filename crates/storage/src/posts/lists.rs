//! The lists of posts: rows of published ones, and working copies by way of the indexes.

use std::collections::BTreeSet;

use tintero_domain::{
    Error, Result,
    error::Resource,
    page::{Page, PageRequest},
    posts::{DeskFacet, Post, PublicFacet, PublicSummary, StatusName},
    values::{Address, BylineId, CategoryId, IdOrSlug, Locale, Slug, Timestamp},
};

use super::{
    post_record::PostRecord,
    records::{PublicRow, partition_key},
};
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    keys::{self, PublicPartition, Shelf, Table, indexes},
    paging::{List, Source},
    slugs::Slugs,
};

/// Posts that are published now; those dated later are not even read.
pub(super) async fn public(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    partition: PublicPartition,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<PublicSummary>> {
    let list = List::of(Table::Posts, partition.pk(), keys::after_moment(now));
    let show = |row: PublicRow| Ok(row.at(now));
    list.page(dynamo, cursors, (now, page), PublicRow::place, show)
        .await
}

/// Working copies as they stand now.
pub(super) async fn desk(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    facet: &DeskFacet,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<Post>> {
    let list = List {
        table: Table::Posts,
        sources: sources(facet),
        top: keys::end_of_list(),
    };
    let updated = *facet == DeskFacet::Updated;
    let place = |row: &PostRecord| {
        if updated {
            row.updated_key.clone()
        } else {
            row.created_key.clone()
        }
    };
    let wanted = match facet {
        DeskFacet::Status(status) | DeskFacet::Owner(_, status) => Some(*status),
        DeskFacet::Updated => None,
    };
    let show = |row: PostRecord| {
        let post = row.post(now)?;
        let name = post.standing.status.name();
        Ok(Some(post).filter(|_| wanted.is_none_or(|wanted| wanted == name)))
    };
    list.page(dynamo, cursors, (now, page), place, show).await
}

/// Where the working copies of a list stand. Time may have put any of those that have a plan into
/// the status that is asked for.
fn sources(facet: &DeskFacet) -> Vec<Source> {
    let source = |index, pk| Source {
        index: Some(index),
        pk,
    };
    let shelves = |status| match status {
        StatusName::Scheduled => vec![Shelf::Timed],
        StatusName::Draft | StatusName::Published => vec![Shelf::Of(status), Shelf::Timed],
        StatusName::Archived | StatusName::Trashed => vec![Shelf::Of(status)],
    };
    match facet {
        DeskFacet::Status(status) => shelves(*status)
            .into_iter()
            .map(|shelf| source(indexes::BY_STATE, keys::state(shelf)))
            .collect(),
        DeskFacet::Owner(owner, status) => shelves(*status)
            .into_iter()
            .map(|shelf| source(indexes::BY_OWNER, keys::owner_state(*owner, shelf)))
            .collect(),
        DeskFacet::Updated => vec![source(indexes::BY_UPDATED, keys::updated_shard())],
    }
}

/// The partition of a list, once the slugs in its name are ids.
pub(super) async fn partition(slugs: &Slugs, facet: &PublicFacet) -> Result<PublicPartition> {
    Ok(match facet {
        PublicFacet::Latest => PublicPartition::Latest,
        PublicFacet::Tag(tag) => PublicPartition::tag(tag),
        PublicFacet::Locale(locale) => PublicPartition::Locale(locale.clone()),
        PublicFacet::Category(IdOrSlug::Id(id)) => PublicPartition::Category(*id),
        PublicFacet::Category(IdOrSlug::Slug(slug)) => {
            let id = slugs.id(Table::Taxonomy, keys::category_slug(slug)).await?;
            PublicPartition::Category(CategoryId::new(
                id.ok_or(Error::NotFound(Resource::Category))?,
            ))
        }
        PublicFacet::Byline(IdOrSlug::Id(id)) => PublicPartition::Byline(*id),
        PublicFacet::Byline(IdOrSlug::Slug(slug)) => {
            let id = slugs.id(Table::Identity, keys::byline_slug(slug)).await?;
            PublicPartition::Byline(BylineId::new(id.ok_or(Error::NotFound(Resource::Byline))?))
        }
    })
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
