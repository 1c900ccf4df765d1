//! What meets a query, and in which of the lists it is looked for.

use std::{fmt::Write as _, sync::Arc};

use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    categories::{CategoryStore as _, Tree},
    error::Resource,
    freshness::Freshness,
    posts::{Content, Facets, Filed, PublicSummary},
    values::{BylineId, CategoryId, IdOrSlug, Locale, Tag, Timestamp},
};

use super::{Posts, filing::Named};
use crate::{
    dynamo::Consistency,
    item::{Item, decode},
    keys::{self, PublicPartition, Table},
};

/// What narrows a list, once the slugs in it are ids.
#[derive(Debug)]
pub(super) struct Wanted {
    categories: Option<FiledUnder>,
    tag: Option<Tagged>,
    byline: Option<BylineId>,
    locale: Option<Locale>,
    /// What stands for what, where categories or tags matter to the query.
    tree: Arc<Tree>,
}

/// The tag whose posts are wanted, in lower case.
#[derive(Debug)]
struct Tagged {
    /// The one that was named, whatever stands for it now.
    named: String,
    /// What does.
    present: String,
    /// The lists in which its posts lie; posts move towards the end of this order.
    lists: Vec<String>,
}

/// The categories whose posts are wanted.
#[derive(Debug)]
struct FiledUnder {
    /// The one that was named, whatever stands for it now.
    named: CategoryId,
    /// True when what lies below it is wanted, too.
    descendants: bool,
    /// All of them.
    present: Vec<CategoryId>,
    /// The lists in which their posts lie; posts move towards the end of this order.
    lists: Vec<CategoryId>,
}

/// Where a query is read from, and how many requests it took to find out.
pub(super) struct Drive {
    pub(super) partitions: Vec<PublicPartition>,
    pub(super) requests: usize,
    /// True when posts may move from the earlier of them to the later ones.
    pub(super) moving: bool,
}

/// How many published posts there are of something.
#[derive(Debug, Deserialize)]
struct Count {
    posts: i64,
}

impl Posts {
    /// What a query wants.
    pub(super) async fn wanted(&self, facets: &Facets, now: Timestamp) -> Result<Wanted> {
        let tree = if facets.category.is_some() || facets.tag.is_some() {
            self.categories.shared(Freshness::Recent).await?
        } else {
            Arc::default()
        };
        let categories = match &facets.category {
            None => None,
            Some(filed) => Some(self.filed_in(&tree, filed, now).await?),
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
            tag: facets.tag.as_ref().map(|tag| Tagged::of(tag, &tree)),
            byline,
            locale: facets.locale.clone(),
            tree,
        })
    }

    async fn filed_in(&self, tree: &Tree, filed: &Filed, now: Timestamp) -> Result<FiledUnder> {
        let unknown = || Error::NotFound(Resource::Category);
        let named = match &filed.under {
            IdOrSlug::Id(id) => *id,
            slug @ IdOrSlug::Slug(_) => tree.named(slug).ok_or_else(unknown)?,
        };
        let target = tree.resolve(named).ok_or_else(unknown)?;
        let (present, lists) = if filed.descendants {
            let counts = self.categories.counts(now).await?;
            let lists = tree.subtree(target, &counts).map_err(Error::TooWide)?;
            (tree.below(target), lists)
        } else {
            (vec![target], tree.lists_of(target))
        };
        Ok(FiledUnder {
            named,
            descendants: filed.descendants,
            present,
            lists,
        })
    }

    /// The list that holds what is wanted, and the least beside it. Of a tag and a category their
    /// counters tell; what is counted nowhere is taken to be larger.
    pub(super) async fn drive(&self, wanted: &Wanted) -> Result<Drive> {
        let (tag, filed) = (wanted.tag.as_ref(), wanted.categories.as_ref());
        let (tag, requests) = match (tag, filed) {
            (Some(tag), Some(filed)) => {
                let is_rarer = self.is_rarer(&tag.lists, &filed.lists).await?;
                (Some(tag).filter(|_| is_rarer), 1)
            }
            (tag, _) => (tag, 0),
        };
        let mut moving = false;
        let partitions = match (tag, filed, wanted.byline, &wanted.locale) {
            (Some(tag), ..) => {
                moving = tag.lists.len() > 1;
                tag.partitions()
            }
            (None, Some(filed), ..) => {
                moving = filed.lists.len() > filed.present.len();
                let lists = filed.lists.iter().copied();
                lists.map(PublicPartition::Category).collect()
            }
            (None, None, Some(byline), _) => vec![PublicPartition::Byline(byline)],
            (None, None, None, Some(locale)) => vec![PublicPartition::Locale(locale.clone())],
            (None, None, None, None) => vec![PublicPartition::Latest],
        };
        Ok(Drive {
            partitions,
            requests,
            moving,
        })
    }

    /// True when a tag has fewer posts than these categories have.
    async fn is_rarer(&self, tag: &[String], categories: &[CategoryId]) -> Result<bool> {
        let of_tag: Vec<_> = tag.iter().map(|list| keys::tag_count(list)).collect();
        let mut wanted = of_tag.clone();
        wanted.extend(categories.iter().copied().map(keys::category_count));
        let found = self
            .dynamo
            .get_many(Table::Taxonomy, wanted, Consistency::Eventual)
            .await?;
        let (mut tagged, mut filed) = (0, 0);
        for item in found {
            let item: Item<Count> = decode(item)?;
            if of_tag.contains(&item.key()) {
                tagged += item.body.posts;
            } else {
                filed += item.body.posts;
            }
        }
        Ok(tagged <= filed)
    }
}

impl Tagged {
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

    fn partitions(&self) -> Vec<PublicPartition> {
        self.lists
            .iter()
            .cloned()
            .map(PublicPartition::Tag)
            .collect()
    }
}

impl Wanted {
    /// Puts what stands for it now in the place of what a post is filed under and went, where that
    /// matters to the query.
    pub(super) fn bring_up_to_date<'a>(&self, named: impl Into<Named<'a>>) {
        if !self.tree.is_plain() {
            named.into().bring_up_to_date(&self.tree);
        }
    }

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
        let wanted = self.categories.as_ref().map(|filed| &filed.present);
        wanted.is_none_or(|ids| categories.iter().any(|id| ids.contains(id)))
            && (self.tag.as_ref()).is_none_or(|tag| tag.is_among(tags))
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
            .map(|filed| (filed.named, filed.descendants));
        let tag = self.tag.as_ref().map(|tag| &tag.named);
        // Writing into a string cannot fail.
        let _ = write!(
            query,
            "{category:?}\n{tag:?}\n{:?}\n{:?}\n",
            self.byline, self.locale
        );
    }
}
