use serde::Serialize;
use tintero_domain::{
    bylines,
    values::{ImageId, UserId, VersionTag},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    respond::{Tagged, View},
    routes::allowed::AllowedActions,
};

/// A byline: an author shown on posts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Byline)]
pub(crate) struct BylineView {
    /// The id of the byline.
    id: Uuid,
    /// The display name.
    name: String,
    /// The readable part of the URL, unique among bylines.
    slug: String,
    /// The job title.
    #[schema(required)]
    position: Option<String>,
    /// A short biography in plain text.
    #[schema(required)]
    bio: Option<String>,
    /// The id of the portrait.
    #[schema(required)]
    image_id: Option<Uuid>,
    /// The id of the user who the byline stands for.
    #[schema(required)]
    user_id: Option<Uuid>,
    /// The actions that the caller may perform now. Absent without a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<Vec<&'static str>>,
    /// The version. Incremented by each write.
    version: u64,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the last write.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl BylineView {
    /// Describes a byline to a caller.
    pub(crate) fn of(byline: bylines::Byline, allowed: AllowedActions) -> Self {
        let bylines::Byline {
            id,
            name,
            slug,
            position,
            bio,
            image_id,
            user_id,
            created_at,
            updated_at,
            version,
        } = byline;
        Self {
            id: id.uuid(),
            name: name.into(),
            slug: slug.into(),
            position: position.map(Into::into),
            bio: bio.map(Into::into),
            image_id: image_id.map(ImageId::uuid),
            user_id: user_id.map(UserId::uuid),
            allowed,
            version: version.0,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }
}

/// Returns the answer with a byline.
pub(super) fn tagged(byline: bylines::Byline, allowed: AllowedActions) -> Tagged<BylineView> {
    let (tag, modified) = (VersionTag::of(byline.version), byline.updated_at);
    Tagged {
        // The permissions of the caller change without a write.
        has_derived: allowed.is_some(),
        ..Tagged::new(BylineView::of(byline, allowed), tag, modified)
    }
}

impl View for BylineView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad6),
            name: "Ana García".to_owned(),
            slug: "ana-garcia".to_owned(),
            position: Some("Arquitecta".to_owned()),
            bio: None,
            image_id: None,
            user_id: None,
            allowed: Some(vec!["update", "merge", "delete"]),
            version: 1,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}
