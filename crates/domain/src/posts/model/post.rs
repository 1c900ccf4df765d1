//! A post: its content, which has revisions, and its state, which has none.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::values::{
    Address, BylineId, CategoryId, Excerpt, ImageId, Note, OldPath, PostId, Revision, Slug, Tag,
    Timestamp, Title, UserId, Version, VersionTag,
};

use super::{Live, Status};

/// The working copy of a post without its text, as in desk lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// State of the post.
    #[serde(flatten)]
    pub state: PostState,
    /// Content without the text.
    #[serde(flatten)]
    pub content: Content,
    /// Location of the text.
    pub text: ManuscriptRef,
}

/// A working copy with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingCopy {
    /// The post without its text.
    pub post: Post,
    /// The text.
    pub manuscript: Manuscript,
}

/// State of a post: owner, status, dates and counters.
///
/// State and revision together reproduce the response to any past write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostState {
    /// Id of the post.
    pub id: PostId,
    /// Owner, who has the permissions on own posts. Independent of bylines.
    pub owner_id: UserId,
    /// Status, with the public and scheduled copies.
    #[serde(flatten)]
    pub status: Status,
    /// Review state of the working copy.
    pub review: Review,
    /// What the reviewer wrote when requesting changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_note: Option<Note>,
    /// Date of the post, or its date after publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Time of the first publication. Never changes afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_published_at: Option<Timestamp>,
    /// Former public addresses, which redirect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_addresses: Vec<Address>,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last write.
    pub updated_at: Timestamp,
    /// Number of accepted writes.
    pub version: Version,
    /// Number of content changes.
    pub revision: Revision,
    /// Number of relocations by operations. A relocation is not an author's write, so
    /// it changes neither version nor `ETag`, but concurrent writes must not undo it.
    #[serde(default, rename = "refilings", skip_serializing_if = "is_zero")]
    pub relocations: u64,
    /// Time as of which a cleanup has applied scheduled changes since the last write. The state must
    /// not be read as of an earlier time, because the items of that time have changed.
    #[serde(skip)]
    pub settled_at: Option<Timestamp>,
    /// Public copies whose time has ended. The next write or the
    /// cleanup removes their items.
    #[serde(skip)]
    pub ended: Vec<Live>,
    /// Whether an earlier version stored the post, which claimed the names of every working copy.
    #[serde(skip)]
    pub reserves_names: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the value by reference"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Review state of a working copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// No review was requested.
    None,
    /// A review is requested.
    Requested,
    /// The reviewer requests changes.
    ChangesRequested,
}

/// Content of a post without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Address, claimed by the publication.
    #[serde(flatten)]
    pub address: Address,
    /// Title of the post.
    pub title: Title,
    /// Excerpt for lists and feeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Tags, at most [`MAX_TAGS`](Self::MAX_TAGS).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Categories, at most [`MAX_CATEGORIES`](Self::MAX_CATEGORIES).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// Bylines, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
    /// Featured image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured_image_id: Option<ImageId>,
    /// Former paths on another site, which redirect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<OldPath>,
    /// Imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ImportSource>,
    /// Translated post.
    #[serde(
        default,
        rename = "translates",
        skip_serializing_if = "Option::is_none"
    )]
    pub translation: Option<Translation>,
}

/// Reference of a translation to its source. Each revision refers to one revision of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The source post, which is not a translation itself.
    pub of: PostId,
    /// The translated revision of the source.
    pub source_revision: Revision,
}

impl Content {
    /// Maximum number of tags.
    pub const MAX_TAGS: usize = 15;
    /// Maximum number of categories.
    pub const MAX_CATEGORIES: usize = 5;
    /// Maximum number of bylines.
    pub const MAX_BYLINES: usize = 5;
    /// Maximum number of aliases.
    pub const MAX_ALIASES: usize = 10;

    /// Slug of the address.
    #[must_use]
    pub fn slug(&self) -> &Slug {
        &self.address.slug
    }
}

/// The file that a post was imported from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSource {
    /// Name of the import, so that two sites can have the same path.
    pub import: String,
    /// Path of the file in the import.
    pub path: String,
    /// SHA-256 of the file at the import, in lower-case hexadecimal.
    pub sha256: String,
}

impl ImportSource {
    /// Longest name of an import, in bytes.
    pub const MAX_IMPORT: usize = 100;
    /// Longest path, in bytes.
    pub const MAX_PATH: usize = 512;
}

/// Text of a post and other large content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manuscript {
    /// Markdown, never rewritten.
    pub body: String,
    /// Front matter of the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_matter: Option<String>,
    /// Values of `site.*` at the time of the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Map<String, Value>>,
    /// Metadata for search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo: Option<Seo>,
    /// Custom members.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl Manuscript {
    /// Longest body, in bytes: 1 MiB.
    pub const MAX_BODY: usize = 1024 * 1024;
    /// Longest front matter, in bytes: 64 KiB.
    pub const MAX_FRONT_MATTER: usize = 64 * 1024;
    /// Largest `extra` as JSON text, in bytes: 64 KiB.
    pub const MAX_EXTRA: usize = 64 * 1024;
}

/// Metadata for search engines that replaces title and excerpt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seo {
    /// Title in search results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description in search results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Seo {
    /// Longest title, in characters.
    pub const MAX_TITLE: usize = 200;
    /// Longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 320;
}

/// Identifies the immutable chunks of a manuscript.
///
/// Every attempt has a new write id, so that the chunks of a writer that lost a race or
/// crashed cannot replace those of the accepted write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManuscriptRef {
    /// Revision that it was written for.
    pub revision: Revision,
    /// Attempt that wrote it.
    pub write: Uuid,
    /// Number of chunks.
    pub chunks: u16,
}

/// A manuscript in its stored form.
#[derive(Debug, Clone)]
pub struct PackedManuscript {
    /// The reference by which posts and revisions name it.
    pub text: ManuscriptRef,
    /// The bytes that the chunks contain.
    pub bytes: Vec<u8>,
}

impl PostState {
    /// State of a new draft.
    pub(in crate::posts) fn of_draft(
        id: PostId,
        owner_id: UserId,
        published_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            owner_id,
            status: Status::Draft,
            review: Review::None,
            review_note: None,
            published_at,
            first_published_at: None,
            past_addresses: Vec::new(),
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
            revision: Revision::FIRST,
            relocations: 0,
            settled_at: None,
            ended: Vec::new(),
            reserves_names: false,
        }
    }
}

impl Post {
    /// Version tag that the next write must be based on.
    #[must_use]
    pub fn tag(&self) -> VersionTag {
        VersionTag {
            version: self.state.version,
            revision: self.state.revision,
        }
    }

    /// Returns the post as of `now`; see [`PostState::at`].
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self {
            state: self.state.at(now),
            ..self
        }
    }

    /// The public copy, if there is one.
    #[must_use]
    pub fn live(&self) -> Option<&Live> {
        self.state.status.live()
    }

    /// Whether the public or scheduled copy differs from the working copy.
    #[must_use]
    pub fn has_unpublished_changes(&self) -> bool {
        self.state.status.phases().last().is_some_and(|last| {
            last.value.revision != self.state.revision
                || Some(last.value.published_at) != self.state.published_at
        })
    }

    /// Whether the post was ever public.
    #[must_use]
    pub fn was_public(&self) -> bool {
        self.state.first_published_at.is_some()
    }
}
