use serde::{Deserialize, Serialize};

use crate::{
    posts::Set,
    values::{Bio, BylineId, DisplayName, ImageId, Position, Slug, Timestamp, Version},
};

/// Somebody who is credited with posts. Not a login: the owner of a post is a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Byline {
    /// Which byline.
    pub id: BylineId,
    /// The name that readers see.
    pub name: DisplayName,
    /// The readable part of its address, unique among bylines.
    pub slug: Slug,
    /// What they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// A few words about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Bio>,
    /// Their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Counts accepted writes.
    pub version: Version,
}

/// A byline that does not exist yet.
#[derive(Debug, Clone)]
pub struct NewByline {
    /// The name that readers see.
    pub name: DisplayName,
    /// Its slug; made from the name when absent.
    pub slug: Option<Slug>,
    /// What they do.
    pub position: Option<Position>,
    /// A few words about them.
    pub bio: Option<Bio>,
    /// Their picture.
    pub image_id: Option<ImageId>,
}

/// A change to a byline. Inner options clear a member when `None`.
#[derive(Debug, Clone, Default)]
pub struct BylinePatch {
    /// Another name.
    pub name: Set<DisplayName>,
    /// Another slug.
    pub slug: Set<Slug>,
    /// Another position.
    pub position: Set<Option<Position>>,
    /// Another text.
    pub bio: Set<Option<Bio>>,
    /// Another picture.
    pub image_id: Set<Option<ImageId>>,
}

impl BylinePatch {
    /// The byline with the change in it, one accepted write later.
    pub(super) fn apply(self, byline: &Byline, now: Timestamp) -> Byline {
        let before = byline.clone();
        Byline {
            name: self.name.unwrap_or(before.name),
            slug: self.slug.unwrap_or(before.slug),
            position: self.position.unwrap_or(before.position),
            bio: self.bio.unwrap_or(before.bio),
            image_id: self.image_id.unwrap_or(before.image_id),
            updated_at: now,
            version: before.version.next(),
            ..before
        }
    }
}
