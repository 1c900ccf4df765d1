use serde::Serialize;
use tintero_domain::{
    bylines,
    values::{ImageId, VersionTag},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Tagged, View};

/// Somebody who is credited with posts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Byline {
    /// Which byline.
    id: Uuid,
    /// The name that readers see.
    name: String,
    /// The readable part of the address, unique among bylines.
    slug: String,
    /// What they do.
    #[schema(required)]
    position: Option<String>,
    /// A few words about them, as plain text.
    #[schema(required)]
    bio: Option<String>,
    /// Their picture.
    #[schema(required)]
    image_id: Option<Uuid>,
    /// Counts accepted writes.
    version: u64,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<bylines::Byline> for Byline {
    fn from(byline: bylines::Byline) -> Self {
        let bylines::Byline {
            id,
            name,
            slug,
            position,
            bio,
            image_id,
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
            version: version.0,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }
}

impl From<bylines::Byline> for Tagged<Byline> {
    fn from(byline: bylines::Byline) -> Self {
        Self {
            tag: VersionTag::of(byline.version),
            modified: byline.updated_at,
            replayed: false,
            embeds: false,
            view: byline.into(),
        }
    }
}

impl View for Byline {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad6),
            name: "Ana García".to_owned(),
            slug: "ana-garcia".to_owned(),
            position: Some("Arquitecta".to_owned()),
            bio: None,
            image_id: None,
            version: 1,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}
