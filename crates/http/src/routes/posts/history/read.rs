use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::{
    access::Caller,
    posts::{self, Manuscript, Posts, RevisionCopy},
    values::{BylineId, CategoryId, ImageId, PostId, Revision},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RevisionRowView, row};
use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::{Private, View},
    routes::posts::{PostSource, SeoView, TranslationView, reading::ImportOrigin},
};

/// A revision of a post with its content.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostRevision {
    #[serde(flatten)]
    row: RevisionRowView,
    /// The readable part of the URL.
    slug: String,
    /// The language (BCP 47).
    locale: String,
    /// A summary for lists and feeds.
    #[schema(required)]
    excerpt: Option<String>,
    /// The categories. Some may have been deleted since.
    category_ids: Vec<Uuid>,
    /// The tags.
    tags: Vec<String>,
    /// The bylines, in order.
    byline_ids: Vec<Uuid>,
    /// The featured image.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// Former paths of the post.
    aliases: Vec<String>,
    /// The file from which the post was imported.
    #[schema(required)]
    source: Option<PostSource>,
    /// The translated post.
    #[schema(required)]
    translation: Option<TranslationView>,
    /// The text in Markdown.
    body: String,
    /// Title and description for search engines.
    #[schema(required)]
    seo: Option<SeoView>,
    /// Custom data of the site.
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
}

impl From<RevisionCopy> for PostRevision {
    fn from(copy: RevisionCopy) -> Self {
        let RevisionCopy {
            row,
            content,
            manuscript,
        } = copy;
        let posts::Content {
            address,
            title: _,
            excerpt,
            tags,
            category_ids,
            byline_ids,
            featured_image_id,
            aliases,
            source,
            translation,
        } = content;
        let Manuscript {
            body,
            front_matter,
            site,
            seo,
            extra,
        } = manuscript;
        Self {
            row: row.into(),
            slug: address.slug.into(),
            locale: address.locale.into(),
            excerpt: excerpt.map(Into::into),
            category_ids: category_ids.into_iter().map(CategoryId::uuid).collect(),
            tags: tags.into_iter().map(Into::into).collect(),
            byline_ids: byline_ids.into_iter().map(BylineId::uuid).collect(),
            featured_image_id: featured_image_id.map(ImageId::uuid),
            aliases: aliases.into_iter().map(Into::into).collect(),
            source: source
                .map(|source| PostSource::of(source, ImportOrigin { front_matter, site })),
            translation: translation.map(Into::into),
            body,
            seo: seo.map(Into::into),
            extra,
        }
    }
}

impl View for PostRevision {
    fn example() -> Self {
        let content = json!({
            "title": "Programación en España", "slug": "programacion-en-espana", "locale": "es",
            "tags": ["Rust"],
        });
        let copy = RevisionCopy {
            row: row::example(),
            content: serde_json::from_value(content).expect("the example is a content"),
            manuscript: Manuscript {
                body: "# Hola\n".to_owned(),
                ..Manuscript::default()
            },
        };
        copy.into()
    }
}

/// Returns a revision of a post.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions/{revision}", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the post."),
        ("revision" = u64, Path, description = "The number of the revision.", minimum = 1, maximum = 9_999_999_999_u64)))]
pub(super) async fn get_post_revision(
    State(posts): State<Posts>,
    caller: Caller,
    Path((id, revision)): Path<(PostId, Revision)>,
    _: NoQuery,
) -> Result<Private<PostRevision>, Problem> {
    let copy = posts.get_revision(&caller, id, revision).await?;
    Ok(Private(copy.into()))
}
