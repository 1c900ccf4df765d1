//! The filter of a list query with ids instead of slugs.

use std::{fmt::Write as _, sync::Arc};

use tintero_domain::{
    Error, Result,
    error::Resource,
    freshness::Freshness,
    posts::{CategoryFilter, Content, Facets, PublicSummary},
    taxonomy::{CategoryStore as _, Tree},
    values::{BylineId, CategoryId, IdOrSlug, Locale, Tag, Timestamp},
};

use super::current_taxonomy::Taxonomy;
use crate::{
    keys::{self, Table},
    posts::DynamoPostStore,
};

/// The conditions that the posts of a list meet.
#[derive(Debug)]
pub(super) struct ResolvedFilter {
    pub(super) categories: Option<ResolvedCategories>,
    /// Different tags, all of which a post must have.
    pub(super) tags: Vec<ResolvedTag>,
    pub(super) byline: Option<ResolvedByline>,
    /// The languages, the preferred one first. Empty for all.
    pub(super) locales: Vec<Locale>,
    /// The merged categories, tags and bylines. Empty unless the filter has a category, a tag or a byline.
    tree: Arc<Tree>,
}

#[derive(Debug)]
pub(super) struct ResolvedByline {
    /// The byline in the query, which may be merged.
    named: BylineId,
    present: BylineId,
    /// The lists with its posts, in the order in which an operation moves posts.
    pub(super) lists: Vec<BylineId>,
}

/// Tags are in lower case.
#[derive(Debug)]
pub(super) struct ResolvedTag {
    /// The tag in the query, which may be merged.
    named: String,
    present: String,
    /// The lists with its posts, in the order in which an operation moves posts.
    pub(super) lists: Vec<String>,
}

#[derive(Debug)]
pub(super) struct ResolvedCategories {
    /// The category in the query, which may be merged.
    named: CategoryId,
    descendants: bool,
    /// The categories whose posts meet the filter.
    pub(super) present: Vec<CategoryId>,
    /// The lists with their posts, in the order in which an operation moves posts.
    pub(super) lists: Vec<CategoryId>,
}

impl DynamoPostStore {
    /// Resolves the slugs and merged categories, tags and bylines of a filter.
    pub(super) async fn resolve_filter(
        &self,
        facets: &Facets,
        now: Timestamp,
    ) -> Result<ResolvedFilter> {
        let needs_tree =
            facets.category.is_some() || !facets.tags.is_empty() || facets.byline.is_some();
        let tree = if needs_tree {
            self.taxonomy.shared_tree(Freshness::Recent).await?
        } else {
            Arc::default()
        };
        let categories = match &facets.category {
            None => None,
            Some(filter) => Some(self.resolve_categories(&tree, filter, now).await?),
        };
        let byline = match &facets.byline {
            None => None,
            Some(name) => Some(self.resolve_byline(&tree, name).await?),
        };
        Ok(ResolvedFilter {
            categories,
            tags: ResolvedTag::all(&facets.tags, &tree),
            byline,
            locales: facets.locales.clone(),
            tree,
        })
    }

    async fn resolve_byline(
        &self,
        tree: &Tree,
        name: &IdOrSlug<BylineId>,
    ) -> Result<ResolvedByline> {
        let unknown = || Error::NotFound(Resource::Byline);
        let named = match name {
            IdOrSlug::Id(id) => *id,
            IdOrSlug::Slug(slug) => {
                let claim = keys::byline_slug(slug);
                let id = self.slugs.id(Table::Identity, claim).await?;
                BylineId::new(id.ok_or_else(unknown)?)
            }
        };
        let present = tree.resolve_byline(named).ok_or_else(unknown)?;
        Ok(ResolvedByline {
            named,
            present,
            lists: tree.byline_lists(present),
        })
    }

    async fn resolve_categories(
        &self,
        tree: &Tree,
        filter: &CategoryFilter,
        now: Timestamp,
    ) -> Result<ResolvedCategories> {
        let unknown = || Error::NotFound(Resource::Category);
        let named = match &filter.under {
            IdOrSlug::Id(id) => *id,
            slug @ IdOrSlug::Slug(_) => tree.named(slug).ok_or_else(unknown)?,
        };
        let target = tree.resolve(named).ok_or_else(unknown)?;
        let (present, lists) = if filter.descendants {
            let counts = self.taxonomy.category_counts(now).await?;
            let lists = tree.subtree(target, &counts).map_err(Error::TooWide)?;
            (tree.below(target), lists)
        } else {
            (vec![target], tree.lists_of(target))
        };
        Ok(ResolvedCategories {
            named,
            descendants: filter.descendants,
            present,
            lists,
        })
    }
}

impl ResolvedTag {
    /// The different tags, sorted. Two names of one tag are one tag.
    fn all(tags: &[Tag], tree: &Tree) -> Vec<Self> {
        let mut tags: Vec<_> = tags.iter().map(|tag| Self::of(tag, tree)).collect();
        tags.sort_by(|one, other| one.present.cmp(&other.present));
        tags.dedup_by(|one, other| one.present == other.present);
        tags
    }

    fn of(tag: &Tag, tree: &Tree) -> Self {
        let present = tree.tags.resolve(tag).folded();
        Self {
            named: tag.folded(),
            lists: tree.tags.lists_of(&present),
            present,
        }
    }

    fn is_among(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|own| own.folded() == self.present)
    }
}

impl ResolvedFilter {
    /// Replaces merged categories, tags and bylines of a post if the filter depends on them.
    pub(super) fn update_taxonomy<'a>(&self, post: impl Into<Taxonomy<'a>>) {
        if !self.tree.is_plain() {
            post.into().update(&self.tree);
        }
    }

    pub(super) fn matches_public(&self, row: &PublicSummary) -> bool {
        let locale = &row.address.locale;
        self.matches(&row.category_ids, &row.tags, &row.byline_ids, locale)
    }

    pub(super) fn matches_working(&self, row: &Content) -> bool {
        let locale = &row.address.locale;
        self.matches(&row.category_ids, &row.tags, &row.byline_ids, locale)
    }

    fn matches(
        &self,
        categories: &[CategoryId],
        tags: &[Tag],
        bylines: &[BylineId],
        locale: &Locale,
    ) -> bool {
        let present = self.categories.as_ref().map(|filter| &filter.present);
        present.is_none_or(|ids| categories.iter().any(|id| ids.contains(id)))
            && self.tags.iter().all(|tag| tag.is_among(tags))
            && self
                .byline
                .as_ref()
                .is_none_or(|byline| bylines.contains(&byline.present))
            && (self.locales.is_empty() || self.locales.contains(locale))
    }

    /// The number of conditions.
    pub(super) fn conditions(&self) -> usize {
        let others = [
            self.categories.is_some(),
            self.byline.is_some(),
            !self.locales.is_empty(),
        ];
        let others = others.into_iter().filter(|given| *given);
        self.tags.len() + others.count()
    }

    /// Writes a description for cursors that distinguishes the filter from others. No value contains a
    /// line break.
    pub(super) fn describe(&self, query: &mut String) {
        let category = self
            .categories
            .as_ref()
            .map(|filter| (filter.named, filter.descendants));
        let tags: Vec<_> = self.tags.iter().map(|tag| &tag.named).collect();
        // A write to a string cannot fail.
        let _ = write!(
            query,
            "{category:?}\n{tags:?}\n{:?}\n{:?}\n",
            self.byline.as_ref().map(|byline| byline.named),
            self.locales
        );
    }
}
