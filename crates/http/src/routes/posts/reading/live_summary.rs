use serde::Serialize;
use tintero_domain::{
    posts::PublicSummary,
    values::{BylineId, CategoryId, ImageId, PostId},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The live copy of a post without its text, as in lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LivePostSummary {
    #[schema(inline)]
    view: LiveView,
    /// The id of the post.
    id: Uuid,
    /// The title.
    title: String,
    /// The readable part of the URL.
    slug: String,
    /// The language (BCP 47).
    locale: String,
    /// A summary for lists and feeds.
    #[schema(required)]
    excerpt: Option<String>,
    /// The categories.
    category_ids: Vec<Uuid>,
    /// The tags.
    tags: Vec<String>,
    /// The bylines, in order.
    byline_ids: Vec<Uuid>,
    /// The featured image.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// The translated post.
    #[schema(required)]
    translation_of: Option<Uuid>,
    /// The publication date.
    #[schema(format = DateTime)]
    published_at: String,
    /// Time of the last publication.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Identifies a live copy.
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
            translation_of: translation_of.map(PostId::uuid),
            published_at: published_at.into(),
            updated_at: updated_at.into(),
        }
    }
}
