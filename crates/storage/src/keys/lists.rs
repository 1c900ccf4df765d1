//! Lists: indexes over working copies, and rows of published posts.

use tintero_domain::{
    posts::{Filing, StatusName},
    values::{BylineId, CategoryId, Locale, PostId, RedirectId, Tag, Timestamp, UserId},
};

use super::{END, Key, SHARD};

/// The attributes of the indexes over working copies.
pub mod indexes {
    /// Working copies by status, the newest creation first.
    pub const BY_STATE: (&str, &str, &str) = ("by_state", "state_key", "created_key");
    /// Working copies by owner and status, the newest creation first.
    pub const BY_OWNER: (&str, &str, &str) = ("by_owner", "owner_key", "created_key");
    /// Working copies by latest change.
    pub const BY_UPDATED: (&str, &str, &str) = ("by_updated", "updated_shard", "updated_key");
}

/// Where a working copy stands in `by_state` and `by_owner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Among those of this status.
    Of(StatusName),
    /// Among those whose status will change, or has changed, by the passing of time.
    Timed,
}

impl Shelf {
    /// All shelves.
    pub fn all() -> impl Iterator<Item = Self> {
        let settled = StatusName::ALL.into_iter().map(Self::Of);
        settled.chain([Self::Timed])
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Of(status) => status.as_str(),
            Self::Timed => "timed",
        }
    }
}

/// The partition of a shelf in `by_state`.
#[must_use]
pub fn state(shelf: Shelf) -> String {
    format!("{}#{SHARD}", shelf.as_str())
}

/// The partition of an owner's posts on a shelf in `by_owner`.
#[must_use]
pub fn owner_state(owner: UserId, shelf: Shelf) -> String {
    format!("{owner}#{}", shelf.as_str())
}

/// The owner and the shelf that such a partition is about.
#[must_use]
pub fn read_owner_state(key: &str) -> Option<(UserId, Shelf)> {
    let (owner, shelf) = key.split_once('#')?;
    let shelf = Shelf::all().find(|known| known.as_str() == shelf)?;
    Some((owner.parse().ok()?, shelf))
}

/// The partition of `by_updated`.
#[must_use]
pub fn updated_shard() -> String {
    SHARD.to_owned()
}

/// A place in a list that is sorted by time: no two posts share one.
#[must_use]
pub fn moment(at: Timestamp, id: PostId) -> String {
    format!("{at}#{id}")
}

/// The time and the post of a place in a list.
#[must_use]
pub fn read_moment(key: &str) -> Option<(Timestamp, PostId)> {
    let (at, id) = key.split_once('#')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Sorts after every place in a list up to `at`, and before every later one.
#[must_use]
pub fn after_moment(at: Timestamp) -> String {
    at.after(std::time::Duration::from_millis(1)).to_string()
}

/// Sorts after every place in a list.
#[must_use]
pub fn end_of_list() -> String {
    END.to_owned()
}

/// A list of published posts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicPartition {
    /// All of them.
    Latest,
    /// Those in a category.
    Category(CategoryId),
    /// Those with a tag; spelled in lower case.
    Tag(String),
    /// Those with a byline.
    Byline(BylineId),
    /// Those in a language.
    Locale(Locale),
}

impl PublicPartition {
    /// Those with a tag, in any spelling of it.
    #[must_use]
    pub fn tag(tag: &Tag) -> Self {
        Self::Tag(tag.folded())
    }

    /// The partition key.
    #[must_use]
    pub fn pk(&self) -> String {
        match self {
            Self::Latest => format!("L#P#{SHARD}"),
            Self::Category(id) => format!("L#C#{id}"),
            Self::Tag(folded) => format!("L#T#{folded}"),
            Self::Byline(id) => format!("L#A#{id}"),
            Self::Locale(locale) => format!("L#L#{locale}"),
        }
    }

    /// A published post's row in this list.
    #[must_use]
    pub fn row(&self, published_at: Timestamp, id: PostId) -> Key {
        Key::new(self.pk(), moment(published_at, id))
    }
}

impl From<&Filing> for PublicPartition {
    fn from(filing: &Filing) -> Self {
        match filing {
            Filing::Category(id) => Self::Category(*id),
            Filing::Tag(tag) => Self::tag(tag),
        }
    }
}

/// The list of redirects that were made by hand.
#[must_use]
pub fn redirects() -> String {
    format!("R#{SHARD}")
}

/// A redirect's place in that list; ids sort by time of creation.
#[must_use]
pub fn redirect_place(id: RedirectId) -> String {
    id.to_string()
}

/// A redirect's row in that list.
#[must_use]
pub fn redirect(id: RedirectId) -> Key {
    Key::new(redirects(), redirect_place(id))
}

/// The tag, in lower case, whose public list this partition is.
#[must_use]
pub fn tag_of(pk: &str) -> Option<String> {
    pk.strip_prefix("L#T#").map(str::to_owned)
}
