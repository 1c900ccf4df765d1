use axum::extract::State;
use tintero_domain::{
    freshness::Cacheable,
    posts::{Posts, PublicLookup},
    values::{Address, Locale, Slug},
};

use super::LivePost;
use crate::{
    base_path::prefixed,
    body::Built,
    extract::{Parameters, Params, Path, Query, documented_params},
    problem::{GoneResponse, Problem},
    respond::{Either, Moved, Public},
    routes::parameters::SlugParam,
};

/// The query string of reads by slug.
pub(super) struct LocaleParams {
    pub(super) locale: Option<Locale>,
}

impl Parameters for LocaleParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The language of the slug (BCP 47); the default locale of the site if absent.";
        Built::from(Self {
            locale: params.optional("locale", about),
        })
    }
}

documented_params!(LocaleParams);

/// Returns the path and query of a live copy.
pub(in crate::routes) fn public_path(address: &Address) -> String {
    let Address { locale, slug } = address;
    prefixed(format!("/v1/posts/by-slug/{slug}?locale={locale}"))
}

/// Returns the live copy of a post by its slug.
///
/// For a former slug, returns 308 with the current URL, never a chain of redirects.
#[utoipa::path(
    get,
    path = "/v1/posts/by-slug/{slug}",
    tag = "posts",
    params(SlugParam, LocaleParams),
    responses(GoneResponse)
)]
pub(super) async fn get_post_by_slug(
    State(posts): State<Posts>,
    Path(slug): Path<Slug>,
    Query(LocaleParams { locale }): Query<LocaleParams>,
) -> Result<Either<Public<LivePost>, Moved>, Problem> {
    let Cacheable { value, fresh_for } = posts.get_public(slug, locale).await?;
    Ok(match value {
        PublicLookup::Found(copy) => Either::first(Public {
            modified: Some(copy.summary.updated_at),
            view: (*copy).into(),
            fresh_for,
        }),
        PublicLookup::Moved(address) => Either::second(Moved::to(Cacheable {
            value: public_path(&address),
            fresh_for,
        })),
    })
}
