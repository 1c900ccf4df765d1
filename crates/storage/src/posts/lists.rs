//! The lists of posts: rows of published ones, and working copies by way of the indexes.

use std::collections::BTreeSet;

use tintero_domain::{
    Error, Result,
    error::Resource,
    page::{Page, PageRequest},
    posts::{DeskFacet, Post, PublicFacet, PublicSummary},
    values::{Address, BylineId, CategoryId, IdOrSlug, Locale, Slug, Timestamp},
};

use super::{post_record::PostRecord, records::partition_key};
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    keys::{self, PublicPartition, Table, indexes},
    paging::List,
    slugs::Slugs,
};

/// Published posts; those dated after `now` are not there yet.
pub(super) async fn public(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    partition: PublicPartition,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<PublicSummary>> {
    let list = List {
        table: Table::Posts,
        index: None,
        pk: partition.pk(),
        top: keys::after_moment(now),
    };
    let place = |row: &PublicSummary| keys::moment(row.published_at, row.id);
    list.page(dynamo, cursors, (now, page), place, Ok).await
}

/// Working copies.
pub(super) async fn desk(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    facet: &DeskFacet,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<Post>> {
    let (index, pk) = match facet {
        DeskFacet::Status(status) => (indexes::BY_STATE, keys::state(*status)),
        DeskFacet::Owner(owner, status) => (indexes::BY_OWNER, keys::owner_state(*owner, *status)),
        DeskFacet::Updated => (indexes::BY_UPDATED, keys::updated_shard()),
    };
    let list = List {
        table: Table::Posts,
        index: Some(index),
        pk,
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
    list.page(dynamo, cursors, (now, page), place, PostRecord::post)
        .await
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

/// Those of a locale's slugs that some post holds, as of now.
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
        .get_many(Table::Posts, claims, Consistency::Strong)
        .await?;
    let found: BTreeSet<_> = found.iter().filter_map(partition_key).collect();
    let held = slugs.iter().filter(|slug| found.contains(&claim(slug).pk));
    Ok(held.cloned().collect())
}
