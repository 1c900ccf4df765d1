use axum::extract::State;
use tintero_domain::posts::{PostPatch, Posts, SeoPatch, SourcePatch, TranslationPatch};

use super::fields::{self, AliasList, BylineIdList, CategoryIdList, Markdown, TagList};
use crate::{
    body::{
        Body, Built, Choice, Extra, FieldReader, MERGE_PATCH, Nested, RequestObject, described,
    },
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::Problem,
    respond::Tagged,
    routes::{parameters::EditParams, posts::PostView},
};

/// A merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)) of a working copy. Null clears
/// a member.
pub(crate) struct PatchPost(pub(in crate::routes::posts) PostPatch);

impl RequestObject for PatchPost {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let category_ids = fields.clearable::<CategoryIdList>("category_ids", fields::CATEGORY_IDS);
        let tags = fields.clearable::<TagList>("tags", fields::TAGS);
        let byline_ids = fields.clearable::<BylineIdList>("byline_ids", fields::BYLINE_IDS);
        let aliases = fields.clearable::<AliasList>("aliases", fields::ALIASES);
        let source = fields.clearable::<Nested<SourcePatch>>("source", fields::SOURCE);
        let body = fields.settable::<Markdown>("body", fields::BODY);
        let seo = fields.clearable::<Nested<SeoPatch>>("seo", fields::SEO);
        let extra = fields.clearable::<Extra>("extra", fields::EXTRA);
        let translation =
            fields.clearable::<Nested<TranslationPatch>>("translation", fields::TRANSLATION);
        Built::from(Self(PostPatch {
            title: fields.settable("title", fields::TITLE),
            slug: fields.settable("slug", fields::SLUG),
            locale: fields.settable("locale", fields::LOCALE),
            published_at: fields.clearable("published_at", fields::PUBLISHED_AT),
            excerpt: fields.clearable("excerpt", fields::EXCERPT),
            tags: tags.map(items),
            category_ids: category_ids.map(items),
            byline_ids: byline_ids.map(items),
            featured_image_id: fields.clearable("featured_image_id", fields::IMAGE),
            aliases: aliases.map(items),
            source: source.map(|set| set.map(|source| source.0)),
            translation: translation.map(|set| set.map(|translation| translation.0)),
            body: body.map(|text| text.0),
            seo: seo.map(|set| set.map(|seo| seo.0)),
            extra: extra.map(|set| set.map(|extra| extra.0)),
            note: fields.optional("note", fields::NOTE),
        }))
    }
}

/// Clearing a list makes it empty.
fn items<L: Into<Vec<T>>, T>(set: Option<L>) -> Vec<T> {
    set.map(Into::into).unwrap_or_default()
}

impl Body for PatchPost {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
}

described!(PatchPost);

/// The query string of updates.
pub(in crate::routes::posts) struct UpdateParams {
    merge: Option<MergeMode>,
}

#[derive(Clone, Copy, PartialEq)]
enum MergeMode {
    Auto,
}

impl Choice for MergeMode {
    const CHOICES: &'static [(&'static str, Self)] = &[("auto", Self::Auto)];
}

impl Parameters for UpdateParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "`auto`: merges a patch that is based on an outdated version with the concurrent changes, if they \
            do not overlap. The response has `merged`, and `diff` with the concurrent changes.";
        Built::from(Self {
            merge: params.optional("merge", about),
        })
    }
}

documented_params!(UpdateParams);

/// Updates the working copy of a post.
///
/// The live copy changes when the post is published again. Fails with 412 and the details of the
/// conflict if `If-Match` is outdated.
#[utoipa::path(patch, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(EditParams, UpdateParams),
    request_body(content = PatchPost, content_type = "application/merge-patch+json", example = json!({"title": "Otro título", "excerpt": null})))]
pub(in crate::routes::posts) async fn update_post(
    State(posts): State<Posts>,
    EditWithQuery(params, edit): EditWithQuery<UpdateParams, PatchPost>,
) -> Result<Tagged<PostView>, Problem> {
    let Edit {
        caller,
        id,
        base,
        body: PatchPost(patch),
    } = edit;
    let effect = match params.merge {
        Some(MergeMode::Auto) => posts.update_merging(&caller, id, base, patch).await?,
        None => posts.update(&caller, id, base, patch).await?,
    };
    Ok(effect.into())
}
