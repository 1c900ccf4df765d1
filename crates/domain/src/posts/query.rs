//! What lists of posts can be asked for.

use super::StatusName;
use crate::values::{BylineId, CategoryId, IdOrSlug, Locale, Tag, Timestamp, UserId};

/// What narrows a list of posts; a post must meet all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Filed under this category.
    pub category: Option<Filed>,
    /// With this tag.
    pub tag: Option<Tag>,
    /// Credited to this byline.
    pub byline: Option<IdOrSlug<BylineId>>,
    /// In this language.
    pub locale: Option<Locale>,
}

/// Filed under a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Which.
    pub under: IdOrSlug<CategoryId>,
    /// Or under anything below it.
    pub descendants: bool,
}

/// Which published posts, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicQuery {
    /// What narrows the list.
    pub facets: Facets,
    /// Dated later than this.
    pub after: Option<Timestamp>,
    /// Dated earlier than this.
    pub before: Option<Timestamp>,
}

/// Which working copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskQuery {
    /// Which, in which order.
    pub set: DeskSet,
    /// Of this owner.
    pub owner: Option<UserId>,
    /// What narrows the list.
    pub facets: Facets,
}

/// Working copies in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskSet {
    /// Those in a status, the newest creation first.
    Status(StatusName),
    /// All, the latest change first.
    Changed,
    /// Those changed since a moment, the earliest change first.
    ChangedSince(Timestamp),
}

impl DeskQuery {
    /// All of a set.
    #[must_use]
    pub fn of(set: DeskSet) -> Self {
        Self {
            set,
            owner: None,
            facets: Facets::default(),
        }
    }
}

/// A list of published posts that is narrowed by one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicFacet {
    /// All posts.
    Latest,
    /// Posts filed directly under a category.
    Category(IdOrSlug<CategoryId>),
    /// Posts with a tag.
    Tag(Tag),
    /// Posts credited to a byline.
    Byline(IdOrSlug<BylineId>),
    /// Posts in a language.
    Locale(Locale),
}

impl From<PublicFacet> for PublicQuery {
    fn from(facet: PublicFacet) -> Self {
        let mut query = Self::default();
        let facets = &mut query.facets;
        match facet {
            PublicFacet::Latest => {}
            PublicFacet::Category(under) => {
                facets.category = Some(Filed {
                    under,
                    descendants: false,
                });
            }
            PublicFacet::Tag(tag) => facets.tag = Some(tag),
            PublicFacet::Byline(byline) => facets.byline = Some(byline),
            PublicFacet::Locale(locale) => facets.locale = Some(locale),
        }
        query
    }
}

/// A list of working copies that is narrowed by at most their owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskFacet {
    /// Posts in a status, the newest creation first.
    Status(StatusName),
    /// A user's posts in a status, the newest creation first.
    Owner(UserId, StatusName),
    /// All posts, the latest change first.
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
