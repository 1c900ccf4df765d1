use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    access::Caller,
    page::Page,
    posts::{self, Posts, TranslationEntry, TranslationState},
    values::{Address, PostId, Slug},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use super::public::LocaleParams;
use crate::{
    extract::{NoQuery, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, View, names},
    routes::parameters::SlugParam,
};

/// The translated post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Translation)]
pub(crate) struct TranslationView {
    /// The id of the translated post.
    of: Uuid,
    /// The translated revision of that post.
    source_revision: u64,
}

impl From<posts::Translation> for TranslationView {
    fn from(translation: posts::Translation) -> Self {
        Self {
            of: translation.of.uuid(),
            source_revision: translation.source_revision.0,
        }
    }
}

/// A post in a group of translations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TranslationRow {
    /// The id of the post.
    post_id: Uuid,
    /// The language (BCP 47).
    locale: String,
    /// The title of the working copy.
    title: String,
    /// The readable part of the URL.
    slug: String,
    /// The publication status.
    status: &'static str,
    /// The translated revision of the source; null for the source.
    #[schema(required)]
    source_revision: Option<u64>,
    #[schema(schema_with = timeliness)]
    freshness: &'static str,
}

fn timeliness() -> Object {
    names(
        TranslationState::ALL.map(TranslationState::as_str),
        "Whether the post is the source, or a current, outdated or orphaned translation.",
    )
}

impl From<TranslationEntry> for TranslationRow {
    fn from(row: TranslationEntry) -> Self {
        let TranslationEntry { post, state } = row;
        let renders = post.content.translation.map(|own| own.source_revision.0);
        Self {
            post_id: post.state.id.uuid(),
            locale: post.content.address.locale.into(),
            title: post.content.title.into(),
            slug: post.content.address.slug.into(),
            status: post.state.status.name().as_str(),
            source_revision: renders,
            freshness: state.as_str(),
        }
    }
}

impl View for TranslationRow {
    fn example() -> Self {
        Self {
            post_id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
            locale: "en".to_owned(),
            title: "Programming in Spain".to_owned(),
            slug: "programming-in-spain".to_owned(),
            status: "published",
            source_revision: Some(3),
            freshness: "current",
        }
    }
}

/// The URL of a public translation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicTranslation {
    /// The language (BCP 47).
    locale: String,
    /// The readable part of the URL.
    slug: String,
}

impl From<Address> for PublicTranslation {
    fn from(address: Address) -> Self {
        Self {
            locale: address.locale.into(),
            slug: address.slug.into(),
        }
    }
}

impl View for PublicTranslation {
    fn example() -> Self {
        Self {
            locale: "en".to_owned(),
            slug: "programming-in-spain".to_owned(),
        }
    }
}

/// Lists the source and all translations of a post.
///
/// Returns the source first, then its translations by language. A translation is outdated if the source
/// has a later revision than the one in its `translation`.
#[utoipa::path(get, path = "/v1/posts/{id}/translations", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the source or a translation.")))]
pub(super) async fn list_post_translations(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    _: NoQuery,
    uri: Uri,
) -> Result<Listed<TranslationRow>, Problem> {
    let items = posts.translations(&caller, id).await?;
    let page = Page { items, next: None };
    Ok(Listed::new(page, &uri, Audience::Caller))
}

/// Lists the public translations of a published post.
///
/// Returns the language and slug of each, without the post itself.
#[utoipa::path(
    get,
    path = "/v1/posts/by-slug/{slug}/translations",
    tag = "posts",
    params(SlugParam, LocaleParams)
)]
pub(super) async fn list_public_translations(
    State(posts): State<Posts>,
    Path(slug): Path<Slug>,
    Query(LocaleParams { locale }): Query<LocaleParams>,
    uri: Uri,
) -> Result<Listed<PublicTranslation>, Problem> {
    let found = posts.public_translations(slug, locale).await?;
    let page = Page {
        items: found.value,
        next: None,
    };
    let fresh_for = found.fresh_for;
    Ok(Listed::new(page, &uri, Audience::Public { fresh_for }))
}
