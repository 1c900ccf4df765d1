//! What a post is: its content, which is versioned, and its standing, which is not.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::values::{
    Address, BylineId, CategoryId, Excerpt, ImageId, OldPath, PostId, Revision, Slug, Tag,
    Timestamp, Title, UserId, Version, VersionTag,
};

use super::{Live, Status};

/// The working copy of a post as a desk list shows it: everything but the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// How the post stands.
    #[serde(flatten)]
    pub state: PostState,
    /// What its author wrote, but for the text.
    #[serde(flatten)]
    pub content: Content,
    /// Where the text lies.
    pub text: ManuscriptRef,
}

/// The working copy together with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingCopy {
    /// Everything but the text.
    pub post: Post,
    /// The text.
    pub manuscript: Manuscript,
}

/// How a post stands: who owns it, who sees it, how often it was written.
///
/// Together with a revision it rebuilds every answer that was ever given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostState {
    /// Which post.
    pub id: PostId,
    /// Whose post: a matter of permissions, not of credit.
    pub owner_id: UserId,
    /// What the public sees.
    #[serde(flatten)]
    pub status: Status,
    /// Where the working copy stands with its reviewers.
    pub review: Review,
    /// The date that the post carries, or shall carry once published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When it was first made public; never changes afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_published_at: Option<Timestamp>,
    /// Addresses under which it was public before; they redirect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_addresses: Vec<Address>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Counts accepted writes.
    pub version: Version,
    /// Counts changes of content.
    pub revision: Revision,
    /// Counts how often an operation moved it between lists. That is no write of an author's, so
    /// it changes neither version nor `ETag`; but a write that began before must not undo it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub relocations: u64,
    /// What was public and is so no more because its time ended; the next write, or the
    /// housekeeping, clears away what is left of it.
    #[serde(skip)]
    pub ended: Vec<Live>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it asks about by reference"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Where a working copy stands with its reviewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Nobody was asked.
    None,
    /// A review was asked for.
    Requested,
    /// The reviewer wants changes.
    ChangesRequested,
}

/// The small versioned members of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Where it is, or shall be, found.
    #[serde(flatten)]
    pub address: Address,
    /// Its title.
    pub title: Title,
    /// What lists and feeds show of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Free keywords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Its places in the category tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// Who is credited, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
    /// The image that stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured_image_id: Option<ImageId>,
    /// Paths that it had elsewhere; they redirect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<OldPath>,
    /// Where it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Which post it translates.
    #[serde(
        default,
        rename = "translates",
        skip_serializing_if = "Option::is_none"
    )]
    pub translation: Option<Translation>,
}

/// What a translation renders. It belongs to a revision: each says which one of the source it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The post that it translates, which is no translation itself.
    pub of: PostId,
    /// The revision of that post which it renders.
    pub source_revision: Revision,
}

impl Content {
    /// Most tags of one post.
    pub const MAX_TAGS: usize = 15;
    /// Most categories of one post.
    pub const MAX_CATEGORIES: usize = 5;
    /// Most bylines of one post.
    pub const MAX_BYLINES: usize = 5;
    /// Most imported addresses of one post.
    pub const MAX_ALIASES: usize = 10;

    /// The slug within the address.
    #[must_use]
    pub fn slug(&self) -> &Slug {
        &self.address.slug
    }
}

/// The file that a post was imported from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Names the import, so that two sites can hold the same path.
    pub import: String,
    /// The file within it.
    pub path: String,
    /// SHA-256 of the file when it was imported, in lower-case hexadecimal.
    pub sha256: String,
}

impl Source {
    /// Longest name of an import, in bytes.
    pub const MAX_IMPORT: usize = 100;
    /// Longest path, in bytes.
    pub const MAX_PATH: usize = 512;
}

/// The large versioned members of a post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manuscript {
    /// Markdown as written; nothing rewrites it.
    pub body: String,
    /// The front matter's text as it stood in the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_matter: Option<String>,
    /// The values of `site.*` as they stood at the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Map<String, Value>>,
    /// What search engines are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo: Option<Seo>,
    /// Members of the site's own, kept as they came.
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

/// What search engines are told instead of title and excerpt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seo {
    /// Replaces the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Replaces the excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Seo {
    /// Longest title, in characters.
    pub const MAX_TITLE: usize = 200;
    /// Longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 320;
}

/// Names the immutable pieces in which one manuscript lies.
///
/// The write id is fresh for each attempt, so the pieces of a writer who lost a race, or
/// crashed, can neither replace nor hide those of the one whose write was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManuscriptRef {
    /// The revision for which it was written.
    pub revision: Revision,
    /// The attempt that wrote it.
    pub write: Uuid,
    /// Into how many pieces it was cut.
    pub chunks: u16,
}

impl PostState {
    /// How a post stands that was just created.
    pub(super) fn of_draft(
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
            published_at,
            first_published_at: None,
            past_addresses: Vec::new(),
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
            revision: Revision::FIRST,
            relocations: 0,
            ended: Vec::new(),
        }
    }
}

impl Post {
    /// The state on which the next write must be based.
    #[must_use]
    pub fn tag(&self) -> VersionTag {
        VersionTag {
            version: self.state.version,
            revision: self.state.revision,
        }
    }

    /// How it stands at a moment, which is not before that at which it was written.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self {
            state: self.state.at(now),
            ..self
        }
    }

    /// What is public of it, if anything.
    #[must_use]
    pub fn live(&self) -> Option<&Live> {
        self.state.status.live()
    }

    /// True while the public sees, or shall see, something else than the working copy.
    #[must_use]
    pub fn has_unpublished_changes(&self) -> bool {
        self.state.status.phases().last().is_some_and(|last| {
            last.what.revision != self.state.revision
                || Some(last.what.published_at) != self.state.published_at
        })
    }

    /// True when the public ever saw it.
    #[must_use]
    pub fn was_public(&self) -> bool {
        self.state.first_published_at.is_some()
    }
}
