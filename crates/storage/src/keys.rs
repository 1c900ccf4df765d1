//! Every key of every item. Nothing else in the product spells one.
//!
//! Each table has a partition key `pk` and a sort key `sk`, both strings. A component that can
//! hold the separator `#` stands last, so no two things share a key; numbers and times have a
//! fixed width, so keys sort as what they stand for.

use sha2::{Digest as _, Sha256};
use tintero_domain::{
    posts::{ManuscriptRef, Name, StatusName},
    values::{
        Address, BylineId, CategoryId, Email, ImageId, Locale, OldPath, PostId, Revision, Tag,
        Timestamp, UserId,
    },
};
use uuid::Uuid;

/// The tables, by what they keep. Their names carry the installation's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Posts, their texts and revisions, claims on addresses, public rows.
    Posts,
    /// Categories and tags.
    Taxonomy,
    /// Metadata of images.
    Images,
    /// Users, bylines, settings of the site.
    Identity,
    /// Sessions and other secrets, hashed.
    Tokens,
    /// What writes with an `Idempotency-Key` did.
    Idempotency,
    /// Who did what, when.
    Audit,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 7] = [
        Self::Posts,
        Self::Taxonomy,
        Self::Images,
        Self::Identity,
        Self::Tokens,
        Self::Idempotency,
        Self::Audit,
    ];

    /// The table's name without the prefix.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Taxonomy => "taxonomy",
            Self::Images => "images",
            Self::Identity => "identity",
            Self::Tokens => "tokens",
            Self::Idempotency => "idempotency",
            Self::Audit => "audit",
        }
    }
}

/// Where one item lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// Lists are cut into shards by key, so that one can be spread over several later; today there is one.
const SHARD: &str = "0";

/// Sorts after every time and every number.
const END: &str = ":";

fn number(n: u64) -> String {
    format!("{n:010}")
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps `("a", "bc")` and `("ab", "c")` apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

// ---- posts: one partition holds everything of one post ----

fn post_partition(id: PostId) -> String {
    format!("P#{id}")
}

/// The working copy without its text.
#[must_use]
pub fn post(id: PostId) -> Key {
    Key::new(post_partition(id), "META")
}

/// One revision.
#[must_use]
pub fn revision(id: PostId, revision: Revision) -> Key {
    Key::new(post_partition(id), format!("REV#{}", number(revision.0)))
}

/// What a chain of pieces holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// A manuscript.
    Manuscript,
    /// A live copy that is too large for its claim.
    LiveCopy,
}

impl Pieces {
    // `BODY#` is the last kind below `META`, so one query backwards from `META` reads the working
    // copy and the end of its text. Any new kind under a post sorts below `BODY#` or above `META`.
    fn kind(self) -> &'static str {
        match self {
            Self::Manuscript => "BODY",
            Self::LiveCopy => "PUB",
        }
    }
}

/// One piece of a chain.
#[must_use]
pub fn piece(kind: Pieces, id: PostId, chain: &ManuscriptRef, chunk: u16) -> Key {
    let ManuscriptRef {
        revision,
        write,
        chunks: _,
    } = chain;
    Key::new(
        post_partition(id),
        format!("{}#{}#{write}#{chunk:04}", kind.kind(), number(revision.0)),
    )
}

/// From the newest piece of text to the working copy, both included.
#[must_use]
pub fn text_and_post(id: PostId) -> (String, [String; 2]) {
    (post_partition(id), ["BODY#".to_owned(), "META".to_owned()])
}

/// The attributes of the indexes over working copies.
pub mod indexes {
    /// Working copies by status, the newest creation first.
    pub const BY_STATE: (&str, &str, &str) = ("by_state", "state_key", "created_key");
    /// Working copies by owner and status, the newest creation first.
    pub const BY_OWNER: (&str, &str, &str) = ("by_owner", "owner_key", "created_key");
    /// Working copies by latest change.
    pub const BY_UPDATED: (&str, &str, &str) = ("by_updated", "updated_shard", "updated_key");
}

/// The partition of a status in `by_state`.
#[must_use]
pub fn state(status: StatusName) -> String {
    format!("{}#{SHARD}", status.as_str())
}

/// The partition of an owner's posts in a status in `by_owner`.
#[must_use]
pub fn owner_state(owner: UserId, status: StatusName) -> String {
    format!("{owner}#{}", status.as_str())
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

/// A post's claim on an address, with the live copy while it is public there.
#[must_use]
pub fn claim(address: &Address) -> Key {
    Key::new(format!("S#{}#{}", address.locale, address.slug), "SLUG")
}

/// A post's claim on a path that it had elsewhere.
#[must_use]
pub fn old_path(path: &OldPath) -> Key {
    Key::new(format!("U#{}", digest(&[path.as_str()])), "URL")
}

/// A post's claim on the file that it was imported from.
#[must_use]
pub fn source(import: &str, path: &str) -> Key {
    Key::new(format!("I#{}", digest(&[import, path])), "SOURCE")
}

/// A unique name of a post other than its address.
#[must_use]
pub fn name(name: &Name) -> Key {
    match name {
        Name::OldPath(path) => old_path(path),
        Name::Source { import, path } => source(import, path),
    }
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

// ---- what posts refer to ----

/// A category.
#[must_use]
pub fn category(id: CategoryId) -> Key {
    Key::new("TREE", format!("C#{id}"))
}

/// A byline.
#[must_use]
pub fn byline(id: BylineId) -> Key {
    Key::new(format!("B#{id}"), "BYLINE")
}

/// An image.
#[must_use]
pub fn image(id: ImageId) -> Key {
    Key::new(format!("I#{id}"), "META")
}

// ---- accounts ----

/// A user.
#[must_use]
pub fn user(id: UserId) -> Key {
    Key::new(format!("U#{id}"), "USER")
}

/// A user's claim on an e-mail address, with what signing in needs.
#[must_use]
pub fn email(email: &Email) -> Key {
    Key::new(format!("E#{email}"), "EMAIL")
}

/// Says that there was a first user.
#[must_use]
pub fn founder() -> Key {
    Key::new("SETUP", "FOUNDER")
}

/// A session.
#[must_use]
pub fn session(family: Uuid) -> Key {
    Key::new(format!("F#{family}"), "FAMILY")
}

// ---- records of acts ----

/// What an audit record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A post.
    Post(PostId),
    /// A user, where one is known.
    User(Option<UserId>),
}

/// An audit record.
#[must_use]
pub fn audit(subject: Subject, act: Uuid) -> Key {
    let pk = match subject {
        Subject::Post(id) => format!("E#post#{id}"),
        Subject::User(Some(id)) => format!("E#user#{id}"),
        Subject::User(None) => "E#user".to_owned(),
    };
    Key::new(pk, act)
}

/// What a user's write under an idempotency key did.
#[must_use]
pub fn effect(user: UserId, key: &str) -> Key {
    Key::new(format!("K#{user}#{key}"), "EFFECT")
}

#[cfg(test)]
mod tests;
