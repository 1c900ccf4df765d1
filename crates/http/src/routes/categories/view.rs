use serde::Serialize;
use tintero_domain::{
    taxonomy::{Category, CategoryDetails},
    values::VersionTag,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    respond::{Tagged, View},
    routes::allowed::AllowedActions,
};

/// A category of posts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub(crate) struct CategoryView {
    /// The id of the category.
    id: Uuid,
    /// The display name.
    name: String,
    /// The readable part of the URL, unique in the whole tree.
    slug: String,
    /// The id of the parent category; null at the root.
    #[schema(required)]
    parent_id: Option<Uuid>,
    /// The slugs from the root to this category, joined by slashes.
    path: String,
    /// The number of published posts directly in this category.
    post_count: u64,
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

impl CategoryView {
    /// Describes a category to a caller.
    pub(super) fn of(details: CategoryDetails, allowed: AllowedActions) -> Self {
        let CategoryDetails {
            category,
            path,
            post_count,
        } = details;
        let Category {
            id,
            name,
            slug,
            former_slugs: _,
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
            allowed,
            version: version.0,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }
}

/// Returns the answer with a category.
pub(super) fn tagged(details: CategoryDetails, allowed: AllowedActions) -> Tagged<CategoryView> {
    Tagged {
        tag: VersionTag::of(details.category.version),
        modified: details.category.updated_at,
        replayed: false,
        has_derived: true,
        view: CategoryView::of(details, allowed),
    }
}

impl View for CategoryView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad5),
            name: "Sin servidor".to_owned(),
            slug: "sin-servidor".to_owned(),
            parent_id: None,
            path: "sin-servidor".to_owned(),
            post_count: 3,
            allowed: Some(vec!["update", "merge", "delete"]),
            version: 1,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}
