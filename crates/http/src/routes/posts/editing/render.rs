use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    posts::{Posts, Rendition},
    values::PostId,
};
use utoipa::ToSchema;

use super::fields::Markdown;
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::{Private, View},
    routes::posts::Reference,
};

/// A text to render.
pub(crate) struct RenderText {
    body: String,
    post_id: Option<PostId>,
}

impl RequestObject for RenderText {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let body = fields.required::<Markdown>("body", "The text in Markdown, at most 1 MiB.");
        let about = "The post with the text, for what its imported file defines: relative paths and values of Liquid.";
        let post_id = fields.optional("post_id", about);
        build(move || {
            Some(Self {
                body: body?.0,
                post_id,
            })
        })
    }
}

impl Body for RenderText {
    const KEYED: bool = false;
}

described!(RenderText);

/// A rendered text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RenderedText {
    /// The text as sanitized HTML with root-relative URLs.
    html: String,
    /// The images, posts, files and links in the text, without duplicates, in order.
    references: Vec<Reference>,
}

impl From<Rendition> for RenderedText {
    fn from(rendition: Rendition) -> Self {
        let references = rendition.references.into_iter();
        Self {
            html: rendition.html,
            references: references.map(Into::into).collect(),
        }
    }
}

impl View for RenderedText {
    fn example() -> Self {
        let rendition = Rendition {
            html: "<p>It <em>works</em>.</p>\n".to_owned(),
            ..Rendition::default()
        };
        rendition.into()
    }
}

/// Renders a text.
///
/// Returns the HTML and the references that a post with this text would have. Stores nothing. A text that a
/// save would reject as too complex is rejected in the same way.
#[utoipa::path(post, path = "/v1/render", tag = "posts", security(("bearer" = [])),
    request_body(content = RenderText, example = json!({"body": "It *works*.\n"})))]
pub(in crate::routes::posts) async fn render_text(
    State(posts): State<Posts>,
    Write { caller, body }: Write<RenderText>,
) -> Result<Private<RenderedText>, Problem> {
    let RenderText { body, post_id } = body;
    let rendition = posts.render_text(&caller, body, post_id).await?;
    Ok(Private(rendition.into()))
}
