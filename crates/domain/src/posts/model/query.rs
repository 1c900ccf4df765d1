//! Queries of post lists.

use crate::{
    posts::{Content, StatusName},
    values::{BylineId, CategoryId, IdOrSlug, Locale, Tag, Timestamp, UserId},
};

/// Filters of a post list. A post must match all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Only posts in this category.
    pub category: Option<CategoryFilter>,
    /// Only posts with all of these tags.
    pub tags: Vec<Tag>,
    /// Only posts with this byline.
    pub byline: Option<IdOrSlug<BylineId>>,
    /// Only posts in these languages, the preferred one first. Empty for all languages. With several, a
    /// public list omits a post if a translation of it is listed in an earlier language.
    pub locales: Vec<Locale>,
}

/// Category filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryFilter {
    /// The category.
    pub under: IdOrSlug<CategoryId>,
    /// Whether to include descendants.
    pub descendants: bool,
}

impl Facets {
    /// Maximum number of tags.
    pub const MAX_TAGS: usize = Content::MAX_TAGS;
    /// Maximum number of languages.
    pub const MAX_LOCALES: usize = 3;
}

/// Query of published posts, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicQuery {
    /// Filters, all of which must match.
    pub facets: Facets,
    /// Lower bound of the date, exclusive.
    pub after: Option<Timestamp>,
    /// Upper bound of the date, exclusive.
    pub before: Option<Timestamp>,
}

/// Query of working copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskQuery {
    /// Set and order.
    pub set: DeskSet,
    /// Only posts of this user.
    pub owner: Option<UserId>,
    /// Filters, all of which must match.
    pub facets: Facets,
}

/// A set of working copies and its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskSet {
    /// Working copies with a status, the newest first.
    Status(StatusName),
    /// All, the last updated first.
    Changed,
    /// Updated since a time, the first updated first.
    ChangedSince(Timestamp),
    /// Scheduled posts, the first planned first.
    Planned,
}

impl DeskQuery {
    /// Query without filters.
    #[must_use]
    pub fn of(set: DeskSet) -> Self {
        Self {
            set,
            owner: None,
            facets: Facets::default(),
        }
    }
}

/// Query of published posts with one filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicFacet {
    /// All posts.
    Latest,
    /// Posts of a category, without descendants.
    Category(IdOrSlug<CategoryId>),
    /// Posts with a tag.
    Tag(Tag),
    /// Posts of a byline.
    Byline(IdOrSlug<BylineId>),
    /// Posts in a locale.
    Locale(Locale),
}

impl From<PublicFacet> for PublicQuery {
    fn from(facet: PublicFacet) -> Self {
        let mut query = Self::default();
        let facets = &mut query.facets;
        match facet {
            PublicFacet::Latest => {}
            PublicFacet::Category(under) => {
                facets.category = Some(CategoryFilter {
                    under,
                    descendants: false,
                });
            }
            PublicFacet::Tag(tag) => facets.tags.push(tag),
            PublicFacet::Byline(byline) => facets.byline = Some(byline),
            PublicFacet::Locale(locale) => facets.locales.push(locale),
        }
        query
    }
}

/// Query of working copies with an optional owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskFacet {
    /// Posts with a status, the newest first.
    Status(StatusName),
    /// A user's posts with a status, the newest first.
    Owner(UserId, StatusName),
    /// All posts, the last updated first.
    Updated,
}

impl From<DeskFacet> for DeskQuery {
    fn from(facet: DeskFacet) -> Self {
        match facet {
            DeskFacet::Status(status) => Self::of(DeskSet::Status(status)),
            DeskFacet::Owner(owner, status) => Self {
                owner: Some(owner),
                ..Self::of(DeskSet::Status(status))
            },
            DeskFacet::Updated => Self::of(DeskSet::Changed),
        }
    }
}
