use serde::Serialize;
use tintero_domain::{
    posts::PublicSummary,
    values::{BylineId, CategoryId, ImageId},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// A published post without its text: what public lists show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LivePostSummary {
    #[schema(inline)]
    view: LiveView,
    /// The post.
    id: Uuid,
    /// The title.
    title: String,
    /// The readable part of the address.
    slug: String,
    /// Its language (BCP 47).
    locale: String,
    /// A short text about it.
    #[schema(required)]
    excerpt: Option<String>,
    /// Its places in the category tree.
    category_ids: Vec<Uuid>,
    /// Free keywords.
    tags: Vec<String>,
    /// Who is credited, in order.
    byline_ids: Vec<Uuid>,
    /// The image that stands for it.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// The post that it translates.
    #[schema(required)]
    translation_of: Option<Uuid>,
    /// The date that it carries.
    #[schema(format = DateTime)]
    published_at: String,
    /// When this copy was published.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Tells a live copy from a working one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LiveView {
    Live,
}

impl From<PublicSummary> for LivePostSummary {
    fn from(summary: PublicSummary) -> Self {
        let PublicSummary {
            id,
            address,
            title,
            excerpt,
            tags,
            category_ids,
            byline_ids,
            featured_image_id,
            translation_of,
            published_at,
            updated_at,
        } = summary;
        Self {
            view: LiveView::Live,
            id: id.uuid(),
            title: title.into(),
            slug: address.slug.into(),
            locale: address.locale.into(),
            excerpt: excerpt.map(Into::into),
            category_ids: category_ids.into_iter().map(CategoryId::uuid).collect(),
            tags: tags.into_iter().map(Into::into).collect(),
            byline_ids: byline_ids.into_iter().map(BylineId::uuid).collect(),
            featured_image_id: featured_image_id.map(ImageId::uuid),
            translation_of: translation_of.map(tintero_domain::values::PostId::uuid),
            published_at: published_at.into(),
            updated_at: updated_at.into(),
        }
    }
}
