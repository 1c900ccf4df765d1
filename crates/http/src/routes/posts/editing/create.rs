use axum::extract::State;
use tintero_domain::posts::{FirstStatus, Manuscript, NewPost, Posts, Seo, Translation};

use super::{
    fields::{self, AliasList, BylineIdList, CategoryIdList, Markdown, TagList},
    source::NewSource,
};
use crate::{
    base_path::prefixed,
    body::{Body, Built, Choice, Extra, FieldReader, Nested, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::{Created, Tagged},
    routes::{parameters::CreateParams, posts::PostView},
};

/// A new post.
pub(crate) struct CreatePost(pub(in crate::routes::posts) NewPost);

impl RequestObject for CreatePost {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let title = fields.required("title", fields::TITLE);
        let body = fields.required::<Markdown>("body", fields::BODY);
        let slug = fields.optional("slug", fields::SLUG);
        let excerpt = fields.optional("excerpt", fields::EXCERPT);
        let category_ids = fields.optional::<CategoryIdList>("category_ids", fields::CATEGORY_IDS);
        let tags = fields.optional::<TagList>("tags", fields::TAGS);
        let byline_ids = fields.optional::<BylineIdList>("byline_ids", fields::BYLINE_IDS);
        let featured_image_id = fields.optional("featured_image_id", fields::IMAGE);
        let locale = fields.optional("locale", fields::LOCALE);
        let published_at = fields.optional("published_at", fields::PUBLISHED_AT);
        let aliases = fields.optional::<AliasList>("aliases", fields::ALIASES);
        let seo = fields.optional::<Nested<Seo>>("seo", fields::SEO);
        let source = fields.optional::<Nested<NewSource>>("source", fields::SOURCE);
        let extra = fields.optional::<Extra>("extra", fields::EXTRA);
        let translation =
            fields.optional::<Nested<Translation>>("translation", fields::TRANSLATION);
        let status = fields.optional::<FirstStatus>("status", fields::STATUS);
        let note = fields.optional("note", fields::NOTE);
        let (source, origin) = source.map_or_else(Default::default, |Nested(new)| {
            (Some(new.source), new.origin)
        });
        build(move || {
            Some(Self(NewPost {
                status: status.unwrap_or_default(),
                title: title?,
                slug,
                locale,
                published_at,
                excerpt,
                tags: tags.map(Into::into).unwrap_or_default(),
                category_ids: category_ids.map(Into::into).unwrap_or_default(),
                byline_ids: byline_ids.map(Into::into).unwrap_or_default(),
                featured_image_id,
                aliases: aliases.map(Into::into).unwrap_or_default(),
                source,
                translation: translation.map(|translation| translation.0),
                manuscript: Manuscript {
                    body: body?.0,
                    front_matter: origin.front_matter,
                    site: origin.site,
                    seo: seo.map(|seo| seo.0),
                    extra: extra.map(|extra| extra.0).unwrap_or_default(),
                },
                note,
            }))
        })
    }
}

impl Choice for FirstStatus {
    const CHOICES: &'static [(&'static str, Self)] =
        &[("draft", Self::Draft), ("published", Self::Published)];
}

impl Body for CreatePost {}

described!(CreatePost);

/// Creates a post.
///
/// Publishes it in the same write if `status` is `published`. That requires the permissions of a publication.
#[utoipa::path(post, path = "/v1/posts", tag = "posts", security(("bearer" = [])),
    params(CreateParams),
    request_body(content = CreatePost, example = json!({
        "title": "Programación en España", "body": "# Hola\n", "tags": ["Rust"], "locale": "es"})))]
pub(in crate::routes::posts) async fn create_post(
    State(posts): State<Posts>,
    Write { caller, body }: Write<CreatePost>,
) -> Result<Created<PostView>, Problem> {
    let effect = posts.create(&caller, body.0).await?;
    Ok(Created {
        location: prefixed(format!("/v1/posts/{}", effect.rendered.copy.post.state.id)),
        resource: Tagged::written(effect, &caller),
    })
}
