use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use tintero_domain::{
    freshness::Lasting,
    posts::{Found, Posts},
    values::{Address, Locale, Slug},
};
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{
        RefOr, Response as Documented,
        path::{Parameter, ParameterIn},
    },
};

use super::LivePost;
use crate::{
    extract::{Parameters, Params, Path, Query, parameters},
    problem::{GoneResponse, Problem},
    respond::{Moved, Public},
};

/// In which language a slug is looked for.
pub(super) struct InLocale(pub(super) Option<Locale>);

impl Parameters for InLocale {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "The language of the slug; the site's default when absent.";
        Some(Self(params.optional("locale", about)))
    }
}

impl IntoParams for InLocale {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Where a public address led.
pub(super) enum Led {
    Here(Box<Public<LivePost>>),
    Away(Moved),
}

impl From<Lasting<Found>> for Led {
    fn from(Lasting { what, quiet }: Lasting<Found>) -> Self {
        match what {
            Found::Here(copy) => Self::Here(Box::new(Public {
                modified: Some(copy.summary.updated_at),
                view: (*copy).into(),
                quiet,
            })),
            Found::Moved(address) => Self::Away(Moved::to(Lasting {
                what: place(&address),
                quiet,
            })),
        }
    }
}

/// The path and query of a public address.
pub(in crate::routes) fn place(address: &Address) -> String {
    let Address { locale, slug } = address;
    format!("/v1/posts/by-slug/{slug}?locale={locale}")
}

impl IntoResponse for Led {
    fn into_response(self) -> Response {
        match self {
            Self::Here(post) => post.into_response(),
            Self::Away(moved) => moved.into_response(),
        }
    }
}

impl IntoResponses for Led {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut responses = Public::<LivePost>::responses();
        responses.extend(Moved::responses());
        responses
    }
}

/// Shows the published post at an address.
///
/// A slug that the post had before answers 308 with the present address, never with a chain.
#[utoipa::path(get, path = "/v1/posts/by-slug/{slug}", tag = "posts",
    params(("slug" = String, Path, description = "The slug.", example = "programacion-en-espana"), InLocale),
    responses(GoneResponse))]
pub(super) async fn get_post_by_slug(
    State(posts): State<Posts>,
    Path(slug): Path<Slug>,
    Query(InLocale(locale)): Query<InLocale>,
) -> Result<Led, Problem> {
    let found = posts.get_public(slug, locale).await?;
    Ok(found.into())
}
