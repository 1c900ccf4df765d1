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

use crate::routes::posts::Translation;

use super::{
    super::{PostSource, Seo, source::Origin},
    RevisionRow, row,
};
use crate::{
    extract::Path,
    problem::Problem,
    respond::{Private, View},
};

/// One revision of a post in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostRevision {
    #[serde(flatten)]
    row: RevisionRow,
    /// The readable part of the address.
    slug: String,
    /// Its language (BCP 47).
    locale: String,
    /// What lists and feeds show of it.
    #[schema(required)]
    excerpt: Option<String>,
    /// Its places in the category tree; some may be gone by now.
    category_ids: Vec<Uuid>,
    /// Free keywords.
    tags: Vec<String>,
    /// Who is credited, in order.
    byline_ids: Vec<Uuid>,
    /// The image that stands for it.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// Paths that it had elsewhere.
    aliases: Vec<String>,
    /// The file that it was imported from.
    #[schema(required)]
    source: Option<PostSource>,
    /// What it translates.
    #[schema(required)]
    translation: Option<Translation>,
    /// Markdown as written.
    body: String,
    /// What search engines are told.
    #[schema(required)]
    seo: Option<Seo>,
    /// Members of the site's own.
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
            source: source.map(|source| PostSource::of(source, Origin { front_matter, site })),
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

/// Shows one revision of a post in full.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions/{revision}", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post."), ("revision" = u64, Path, description = "The revision.")))]
pub(super) async fn get_post_revision(
    State(posts): State<Posts>,
    caller: Caller,
    Path((id, revision)): Path<(PostId, Revision)>,
    _: crate::extract::NoQuery,
) -> Result<Private<PostRevision>, Problem> {
    let copy = posts.get_revision(&caller, id, revision).await?;
    Ok(Private(copy.into()))
}
