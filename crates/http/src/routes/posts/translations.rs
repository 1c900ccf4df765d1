use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    access::Caller,
    page::Page,
    posts::{self, Posts, Timeliness, Translated, TranslationPatch},
    values::{Address, PostId, Slug},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use super::read_live::InLocale;
use crate::{
    body::{Members, Record, RevisionNumber},
    extract::{NoQuery, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, View, names},
};

mod about {
    pub(super) const OF: &str =
        "The post that it translates: in another language, and no translation itself.";
    pub(super) const REVISION: &str = "The revision of that post which it renders.";
}

impl Record for posts::Translation {
    fn read(members: &mut Members) -> Option<Self> {
        let of = members.required("of", about::OF);
        let revision = members.required::<RevisionNumber>("source_revision", about::REVISION);
        Some(Self {
            of: of?,
            source_revision: revision?.0,
        })
    }
}

impl Record for TranslationPatch {
    fn read(members: &mut Members) -> Option<Self> {
        let of = members.settable("of", about::OF);
        let revision = members.settable::<RevisionNumber>("source_revision", about::REVISION);
        Some(Self {
            of,
            source_revision: revision.map(|revision| revision.0),
        })
    }
}

/// What a post translates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Translation {
    /// The post that it translates.
    of: Uuid,
    /// The revision of that post which it renders.
    source_revision: u64,
}

impl From<posts::Translation> for Translation {
    fn from(translation: posts::Translation) -> Self {
        Self {
            of: translation.of.uuid(),
            source_revision: translation.source_revision.0,
        }
    }
}

/// A post among those that translate one another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TranslationRow {
    /// The post.
    post_id: Uuid,
    /// Its language (BCP 47).
    locale: String,
    /// The title of its working copy.
    title: String,
    /// The readable part of its address.
    slug: String,
    /// What the public sees.
    status: &'static str,
    /// The revision of the source which it renders; null for the source.
    #[schema(required)]
    source_revision: Option<u64>,
    #[schema(schema_with = timeliness)]
    freshness: &'static str,
}

fn timeliness() -> Object {
    names(
        Timeliness::ALL.map(Timeliness::as_str),
        "Whether it is the source, renders it as it is, is behind it, or has lost it.",
    )
}

impl From<Translated> for TranslationRow {
    fn from(row: Translated) -> Self {
        let Translated { post, timeliness } = row;
        let renders = post.content.translation.map(|own| own.source_revision.0);
        Self {
            post_id: post.standing.id.uuid(),
            locale: post.content.address.locale.into(),
            title: post.content.title.into(),
            slug: post.content.address.slug.into(),
            status: post.standing.status.name().as_str(),
            source_revision: renders,
            freshness: timeliness.as_str(),
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

/// Where a translation is public.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicTranslation {
    /// Its language (BCP 47).
    locale: String,
    /// The readable part of its address.
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

/// Lists the posts that translate one another: the source, then its translations by language.
///
/// A translation says with every change of it which revision of the source it renders (`translation`);
/// it is outdated once the source has come to a later one.
#[utoipa::path(get, path = "/v1/posts/{id}/translations", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "One of them.")))]
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

/// Lists where the other translations of a published post are public.
#[utoipa::path(get, path = "/v1/posts/by-slug/{slug}/translations", tag = "posts",
    params(("slug" = String, Path, description = "The slug.", example = "programacion-en-espana"), InLocale))]
pub(super) async fn list_public_translations(
    State(posts): State<Posts>,
    Path(slug): Path<Slug>,
    Query(InLocale(locale)): Query<InLocale>,
    uri: Uri,
) -> Result<Listed<PublicTranslation>, Problem> {
    let found = posts.public_translations(slug, locale).await?;
    let page = Page {
        items: found.what,
        next: None,
    };
    let quiet = found.quiet;
    Ok(Listed::new(page, &uri, Audience::Public { quiet }))
}
