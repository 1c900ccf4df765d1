//! Lists: indexes of working copies, and rows of published posts.

use tintero_domain::{
    posts::{ListKey, StatusName},
    values::{BylineId, CategoryId, Locale, PostId, RedirectId, Tag, Timestamp, UserId},
};

use super::{END, ItemKey, SHARD};

/// Name, partition key and sort key of the indexes.
pub mod indexes {
    /// Working copies by status and creation time.
    pub const BY_STATE: (&str, &str, &str) = ("by_state", "state_key", "created_key");
    /// Working copies by owner, status and creation time.
    pub const BY_OWNER: (&str, &str, &str) = ("by_owner", "owner_key", "created_key");
    /// Working copies by time of the last change.
    pub const BY_UPDATED: (&str, &str, &str) = ("by_updated", "updated_shard", "updated_key");
    /// Users by role and id.
    pub const BY_ROLE: (&str, &str, &str) = ("by_role", "role", "pk");
    /// Audit records by user and id.
    pub const BY_ACTOR: (&str, &str, &str) = ("by_actor", "actor", "sk");
    /// Audit records by shard and id.
    pub const BY_SHARD: (&str, &str, &str) = ("by_shard", "shard", "sk");
}

/// The partition of a working copy in `by_state` and `by_owner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPartition {
    /// Working copies with this status.
    Of(StatusName),
    /// Working copies with a scheduled change of status, past or future.
    Timed,
}

impl StatusPartition {
    /// All partitions.
    pub fn all() -> impl Iterator<Item = Self> {
        let statuses = StatusName::ALL.into_iter().map(Self::Of);
        statuses.chain([Self::Timed])
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Of(status) => status.as_str(),
            Self::Timed => "timed",
        }
    }
}

/// The partition key in `by_state`.
#[must_use]
pub fn state(partition: StatusPartition) -> String {
    format!("{}#{SHARD}", partition.as_str())
}

/// The partition key in `by_owner`.
#[must_use]
pub fn owner_state(owner: UserId, partition: StatusPartition) -> String {
    format!("{owner}#{}", partition.as_str())
}

/// Parses a partition key of `by_owner`.
#[must_use]
pub fn parse_owner_state(key: &str) -> Option<(UserId, StatusPartition)> {
    let (owner, name) = key.split_once('#')?;
    let partition = StatusPartition::all().find(|known| known.as_str() == name)?;
    Some((owner.parse().ok()?, partition))
}

/// The partition key of `by_updated`.
#[must_use]
pub fn updated_shard() -> String {
    SHARD.to_owned()
}

/// A sort key in a list by time, unique for each post.
#[must_use]
pub fn moment(at: Timestamp, id: PostId) -> String {
    format!("{at}#{id}")
}

/// Parses a sort key of [`moment`].
#[must_use]
pub fn parse_moment(key: &str) -> Option<(Timestamp, PostId)> {
    let (at, id) = key.split_once('#')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// A sort key after every [`moment`] up to `at` and before every later one.
#[must_use]
pub fn after_moment(at: Timestamp) -> String {
    at.after(std::time::Duration::from_millis(1)).to_string()
}

/// A sort key after every [`moment`].
#[must_use]
pub fn end_of_list() -> String {
    END.to_owned()
}

/// A list of published posts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicPartition {
    /// All published posts.
    Latest,
    /// Posts in a category.
    Category(CategoryId),
    /// Posts with a tag, in lower case.
    Tag(String),
    /// Posts with a byline.
    Byline(BylineId),
    /// Posts in a language.
    Locale(Locale),
}

impl PublicPartition {
    /// Posts with a tag in any letter case.
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

    /// The row of a published post in this list.
    #[must_use]
    pub fn row(&self, published_at: Timestamp, id: PostId) -> ItemKey {
        ItemKey::new(self.pk(), moment(published_at, id))
    }
}

impl From<&ListKey> for PublicPartition {
    fn from(filing: &ListKey) -> Self {
        match filing {
            ListKey::Category(id) => Self::Category(*id),
            ListKey::Tag(tag) => Self::tag(tag),
            ListKey::Byline(id) => Self::Byline(*id),
        }
    }
}

/// The partition of the list of redirects.
#[must_use]
pub fn redirects() -> String {
    format!("R#{SHARD}")
}

/// The sort key of a redirect in the list. Ids sort by creation time.
#[must_use]
pub fn redirect_sort_key(id: RedirectId) -> String {
    id.to_string()
}

/// The row of a redirect in the list.
#[must_use]
pub fn redirect(id: RedirectId) -> ItemKey {
    ItemKey::new(redirects(), redirect_sort_key(id))
}

/// The tag of a public list, in lower case.
#[must_use]
pub fn tag_of(pk: &str) -> Option<String> {
    pk.strip_prefix("L#T#").map(str::to_owned)
}
