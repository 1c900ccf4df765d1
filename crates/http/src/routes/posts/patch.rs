use axum::extract::State;
use tintero_domain::{
    posts::{PostPatch, Posts, SeoPatch, SourcePatch, TranslationPatch},
    values::{Code, ValueError},
};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Type,
        path::{Parameter, ParameterIn},
    },
};

use super::{
    EditParams, Post,
    create::{Aliases, BylineIds, CategoryIds, Markdown, Tags, about},
};
use crate::{
    body::{Body, Extra, Members, Nested, Record, Text, described},
    extract::{Asked, Edit, Parameters, Params, parameters},
    problem::Problem,
    respond::Tagged,
};

/// A change to a working copy: a merge patch
/// ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)). Null clears.
pub(crate) struct PatchPost(pub(super) PostPatch);

impl Record for PatchPost {
    fn read(members: &mut Members) -> Option<Self> {
        let category_ids = members.clearable::<CategoryIds>("category_ids", about::CATEGORY_IDS);
        let tags = members.clearable::<Tags>("tags", about::TAGS);
        let byline_ids = members.clearable::<BylineIds>("byline_ids", about::BYLINE_IDS);
        let aliases = members.clearable::<Aliases>("aliases", about::ALIASES);
        let source = members.clearable::<Nested<SourcePatch>>("source", about::SOURCE);
        let body = members.settable::<Markdown>("body", about::BODY);
        let seo = members.clearable::<Nested<SeoPatch>>("seo", about::SEO);
        let extra = members.clearable::<Extra>("extra", about::EXTRA);
        let translation =
            members.clearable::<Nested<TranslationPatch>>("translation", about::TRANSLATION);
        Some(Self(PostPatch {
            title: members.settable("title", about::TITLE),
            slug: members.settable("slug", about::SLUG),
            locale: members.settable("locale", about::LOCALE),
            published_at: members.clearable("published_at", about::PUBLISHED_AT),
            excerpt: members.clearable("excerpt", about::EXCERPT),
            tags: tags.map(items),
            category_ids: category_ids.map(items),
            byline_ids: byline_ids.map(items),
            featured_image_id: members.clearable("featured_image_id", about::IMAGE),
            aliases: aliases.map(items),
            source: source.map(|set| set.map(|source| source.0)),
            translation: translation.map(|set| set.map(|translation| translation.0)),
            body: body.map(|text| text.0),
            seo: seo.map(|set| set.map(|seo| seo.0)),
            extra: extra.map(|set| set.map(|extra| extra.0)),
            note: members.optional("note", about::NOTE),
        }))
    }
}

/// A cleared list is an empty one.
fn items<L: Into<Vec<T>>, T>(set: Option<L>) -> Vec<T> {
    set.map(Into::into).unwrap_or_default()
}

impl Body for PatchPost {
    const MEDIA_TYPES: &'static [&'static str] =
        &["application/merge-patch+json", "application/json"];
}

described!(PatchPost);

/// What becomes of a change that is based on an older state.
pub(super) struct HowToPatch {
    merge: Option<Merge>,
}

/// Merging was asked for.
struct Merge;

impl Text for Merge {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        match raw {
            "auto" => Ok(Self),
            _ => Err(ValueError::new(Code::Format, "must be auto")),
        }
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(["auto"]))
    }
}

impl Parameters for HowToPatch {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "`auto`: a change that is based on an older state is merged with what happened meanwhile, where \
            both do not meet; the answer says `merged` and shows in `diff` what others had changed.";
        Some(Self {
            merge: params.optional("merge", about),
        })
    }
}

impl IntoParams for HowToPatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Changes the working copy of a post.
///
/// What the public sees changes when the post is published again. A write that is based on an
/// older state is refused with 412, which shows both states, and changes nothing.
#[utoipa::path(patch, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(EditParams, HowToPatch),
    request_body(content(
        (PatchPost = "application/merge-patch+json", example = json!({"title": "Otro título", "excerpt": null})),
        (PatchPost = "application/json", example = json!({"title": "Otro título", "excerpt": null})))))]
pub(super) async fn update_post(
    State(posts): State<Posts>,
    Asked(how, edit): Asked<HowToPatch, PatchPost>,
) -> Result<Tagged<Post>, Problem> {
    let Edit {
        caller,
        id,
        base,
        body: PatchPost(patch),
    } = edit;
    let effect = match how.merge {
        Some(Merge) => posts.update_merging(&caller, id, base, patch).await?,
        None => posts.update(&caller, id, base, patch).await?,
    };
    Ok(effect.into())
}
