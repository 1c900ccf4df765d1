use serde::Serialize;
use tintero_domain::{
    categories::{self, Filed},
    values::VersionTag,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Tagged, View};

/// A subject under which posts are filed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Category {
    /// Which category.
    id: Uuid,
    /// The name that readers see.
    name: String,
    /// The readable part of the address, unique in the whole tree.
    slug: String,
    /// The category that it belongs to; null at the top.
    #[schema(required)]
    parent_id: Option<Uuid>,
    /// The slugs from the top of the tree down to it, joined by slashes.
    path: String,
    /// How many published posts are filed directly under it.
    post_count: u64,
    /// Counts accepted writes.
    version: u64,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<Filed> for Category {
    fn from(filed: Filed) -> Self {
        let Filed {
            category,
            path,
            post_count,
        } = filed;
        let categories::Category {
            id,
            name,
            slug,
            parent_id,
            created_at,
            updated_at,
            version,
        } = category;
        Self {
            id: id.uuid(),
            name: name.into(),
            slug: slug.into(),
            parent_id: parent_id.map(tintero_domain::values::CategoryId::uuid),
            path,
            post_count,
            version: version.0,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }
}

impl From<Filed> for Tagged<Category> {
    fn from(filed: Filed) -> Self {
        Self {
            tag: VersionTag::of(filed.category.version),
            modified: filed.category.updated_at,
            replayed: false,
            has_derived: true,
            view: filed.into(),
        }
    }
}

impl View for Category {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad5),
            name: "Sin servidor".to_owned(),
            slug: "sin-servidor".to_owned(),
            parent_id: None,
            path: "sin-servidor".to_owned(),
            post_count: 3,
            version: 1,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}
