use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::Uri;
use tintero_domain::{
    categories::{Categories, Found},
    freshness::Lasting,
    page::Page,
    posts::Posts,
    values::{CategoryId, IdOrSlug},
};

use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use super::Category;
use crate::{
    extract::{NoQuery, Path},
    problem::{GoneResponse, Problem},
    respond::{Audience, Listed, Moved, Tagged},
};

/// Lists all categories, children after their parents.
#[utoipa::path(get, path = "/v1/categories", tag = "categories")]
pub(super) async fn list_categories(
    State(categories): State<Categories>,
    State(posts): State<Posts>,
    _: NoQuery,
    uri: Uri,
) -> Result<Listed<Category>, Problem> {
    let page = Page {
        items: categories.list().await?,
        next: None,
    };
    // Posts are counted that are public now.
    let quiet = posts.quiet().await?;
    Ok(Listed::new(page, &uri, Audience::Public { quiet }))
}

/// Where the name of a category led.
pub(super) enum Led {
    Here(Box<Tagged<Category>>),
    Away(Moved),
}

impl From<Found> for Led {
    fn from(found: Found) -> Self {
        match found {
            Found::Here(filed) => Self::Here(Box::new(filed.into())),
            Found::Moved(id) => Self::Away(Moved::to(Lasting {
                what: format!("/v1/categories/{id}"),
                quiet: None,
            })),
        }
    }
}

impl IntoResponse for Led {
    fn into_response(self) -> Response {
        match self {
            Self::Here(category) => category.into_response(),
            Self::Away(moved) => moved.into_response(),
        }
    }
}

impl IntoResponses for Led {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut responses = Tagged::<Category>::responses();
        responses.extend(Moved::responses());
        responses
    }
}

/// Shows a category.
///
/// One that was merged into another answers 308 with the address of the other, never with a chain.
#[utoipa::path(get, path = "/v1/categories/{id}", tag = "categories",
    params(("id" = String, Path, description = "The category, by id or slug.")),
    responses(GoneResponse))]
pub(super) async fn get_category(
    State(categories): State<Categories>,
    Path(name): Path<IdOrSlug<CategoryId>>,
    _: NoQuery,
) -> Result<Led, Problem> {
    let found = categories.get(&name).await?;
    Ok(found.into())
}
