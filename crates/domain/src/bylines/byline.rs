use serde::{Deserialize, Serialize};

use crate::{
    posts::Set,
    values::{Bio, BylineId, DisplayName, ImageId, Position, Slug, Timestamp, UserId, Version},
};

/// A byline: the credited author of posts. Bylines cannot sign in; the owner of a post is a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Byline {
    /// Id of the byline.
    pub id: BylineId,
    /// Display name.
    pub name: DisplayName,
    /// Slug, unique among bylines.
    pub slug: Slug,
    /// Job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Short biography.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Bio>,
    /// Image with the portrait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageId>,
    /// The user who this byline stands for, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last write.
    pub updated_at: Timestamp,
    /// Number of accepted writes.
    pub version: Version,
}

/// A byline to be created.
#[derive(Debug, Clone)]
pub struct NewByline {
    /// Display name.
    pub name: DisplayName,
    /// Slug. Derived from the name if absent.
    pub slug: Option<Slug>,
    /// Job title.
    pub position: Option<Position>,
    /// Short biography.
    pub bio: Option<Bio>,
    /// Image with the portrait.
    pub image_id: Option<ImageId>,
    /// The user who this byline stands for.
    pub user_id: Option<UserId>,
}

/// A change to a byline. An inner `None` clears the member.
#[derive(Debug, Clone, Default)]
pub struct BylinePatch {
    /// New display name.
    pub name: Set<DisplayName>,
    /// New slug.
    pub slug: Set<Slug>,
    /// New job title.
    pub position: Set<Option<Position>>,
    /// New biography.
    pub bio: Set<Option<Bio>>,
    /// New portrait.
    pub image_id: Set<Option<ImageId>>,
    /// New user.
    pub user_id: Set<Option<UserId>>,
}

impl BylinePatch {
    /// Applies the change as the next version.
    pub(super) fn apply(self, byline: &Byline, now: Timestamp) -> Byline {
        let before = byline.clone();
        Byline {
            name: self.name.unwrap_or(before.name),
            slug: self.slug.unwrap_or(before.slug),
            position: self.position.unwrap_or(before.position),
            bio: self.bio.unwrap_or(before.bio),
            image_id: self.image_id.unwrap_or(before.image_id),
            user_id: self.user_id.unwrap_or(before.user_id),
            updated_at: now,
            version: before.version.next(),
            ..before
        }
    }
}
