//! What meets a query, and in which of the lists it is looked for.

use std::fmt::Write as _;

use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    error::Resource,
    posts::{Content, Facets, PublicSummary},
    values::{BylineId, CategoryId, IdOrSlug, Locale, Tag},
};

use super::Posts;
use crate::{
    dynamo::Consistency,
    item::{Item, decode},
    keys::{self, PublicPartition, Table},
};

/// What narrows a list, once the slugs in it are ids.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The category that was named, and all whose posts are wanted.
    categories: Option<(CategoryId, Vec<CategoryId>)>,
    /// In lower case.
    tag: Option<String>,
    byline: Option<BylineId>,
    locale: Option<Locale>,
}

/// Where a query is read from, and how many requests it took to find out.
pub(super) struct Drive {
    pub(super) partitions: Vec<PublicPartition>,
    pub(super) requests: usize,
}

/// How many published posts there are of something.
#[derive(Debug, Deserialize)]
struct Count {
    posts: i64,
}

impl Posts {
    /// What a query wants.
    pub(super) async fn wanted(&self, facets: &Facets) -> Result<Wanted> {
        let categories = match &facets.category {
            None => None,
            Some(filed) => {
                let id = self.category(&filed.under).await?;
                Some((id, vec![id]))
            }
        };
        let byline = match &facets.byline {
            None => None,
            Some(IdOrSlug::Id(id)) => Some(*id),
            Some(IdOrSlug::Slug(slug)) => {
                let claim = keys::byline_slug(slug);
                let id = self.slugs.id(Table::Identity, claim).await?;
                Some(BylineId::new(id.ok_or(Error::NotFound(Resource::Byline))?))
            }
        };
        Ok(Wanted {
            categories,
            tag: facets.tag.as_ref().map(Tag::folded),
            byline,
            locale: facets.locale.clone(),
        })
    }

    async fn category(&self, name: &IdOrSlug<CategoryId>) -> Result<CategoryId> {
        match name {
            IdOrSlug::Id(id) => Ok(*id),
            IdOrSlug::Slug(slug) => {
                let claim = keys::category_slug(slug);
                let id = self.slugs.id(Table::Taxonomy, claim).await?;
                Ok(CategoryId::new(
                    id.ok_or(Error::NotFound(Resource::Category))?,
                ))
            }
        }
    }

    /// The list that holds what is wanted, and the least beside it. Of a tag and a category their
    /// counters tell; what is counted nowhere is taken to be larger.
    pub(super) async fn drive(&self, wanted: &Wanted) -> Result<Drive> {
        let (mut partition, mut requests) = (None, 0);
        if let (Some(tag), Some((_, categories))) = (&wanted.tag, &wanted.categories) {
            requests = 1;
            if self.is_rarer(tag, categories).await? {
                partition = Some(PublicPartition::Tag(tag.clone()));
            }
        } else if let Some(tag) = &wanted.tag {
            partition = Some(PublicPartition::Tag(tag.clone()));
        }
        let partitions = match (partition, &wanted.categories, wanted.byline, &wanted.locale) {
            (Some(partition), ..) => vec![partition],
            (None, Some((_, ids)), ..) => {
                ids.iter().copied().map(PublicPartition::Category).collect()
            }
            (None, None, Some(byline), _) => vec![PublicPartition::Byline(byline)],
            (None, None, None, Some(locale)) => vec![PublicPartition::Locale(locale.clone())],
            (None, None, None, None) => vec![PublicPartition::Latest],
        };
        Ok(Drive {
            partitions,
            requests,
        })
    }

    /// True when a tag has fewer posts than these categories have.
    async fn is_rarer(&self, tag: &str, categories: &[CategoryId]) -> Result<bool> {
        let of_tag = keys::tag_count(tag);
        let mut wanted = vec![of_tag.clone()];
        wanted.extend(categories.iter().copied().map(keys::category_count));
        let found = self
            .dynamo
            .get_many(Table::Taxonomy, wanted, Consistency::Eventual)
            .await?;
        let (mut tagged, mut filed) = (0, 0);
        for item in found {
            let item: Item<Count> = decode(item)?;
            if item.key() == of_tag {
                tagged = item.body.posts;
            } else {
                filed += item.body.posts;
            }
        }
        Ok(tagged <= filed)
    }
}

impl Wanted {
    /// Whether a published post is wanted.
    pub(super) fn holds_public(&self, row: &PublicSummary) -> bool {
        let locale = &row.address.locale;
        self.holds(&row.category_ids, &row.tags, &row.byline_ids, locale)
    }

    /// Whether a working copy is wanted.
    pub(super) fn holds_working(&self, row: &Content) -> bool {
        let locale = &row.address.locale;
        self.holds(&row.category_ids, &row.tags, &row.byline_ids, locale)
    }

    fn holds(
        &self,
        categories: &[CategoryId],
        tags: &[Tag],
        bylines: &[BylineId],
        locale: &Locale,
    ) -> bool {
        let wanted = self.categories.as_ref().map(|(_, ids)| ids);
        wanted.is_none_or(|ids| categories.iter().any(|id| ids.contains(id)))
            && (self.tag.as_ref()).is_none_or(|tag| tags.iter().any(|own| own.folded() == *tag))
            && self.byline.is_none_or(|byline| bylines.contains(&byline))
            && (self.locale.as_ref()).is_none_or(|wanted| wanted == locale)
    }

    /// How many things a post has to meet.
    pub(super) fn conditions(&self) -> usize {
        [
            self.categories.is_some(),
            self.tag.is_some(),
            self.byline.is_some(),
            self.locale.is_some(),
        ]
        .into_iter()
        .filter(|given| *given)
        .count()
    }

    /// Everything that tells this query from others, for cursors. No value holds a line break.
    pub(super) fn describe(&self, query: &mut String) {
        let category = self
            .categories
            .as_ref()
            .map(|(id, ids)| (id, ids.len() > 1));
        // Writing into a string cannot fail.
        let _ = write!(
            query,
            "{category:?}\n{:?}\n{:?}\n{:?}\n",
            self.tag, self.byline, self.locale
        );
    }
}
