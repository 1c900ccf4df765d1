use axum::extract::State;
use http::Uri;
use tintero_domain::{
    categories::{Categories, Found},
    freshness::Cacheable,
    page::Page,
    posts::Posts,
    values::{CategoryId, IdOrSlug},
};

use super::Category;
use crate::{
    extract::{NoQuery, Path},
    problem::{GoneResponse, Problem},
    respond::{Audience, Either, Listed, Moved, Tagged},
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
    let fresh_for = posts.fresh_for().await?;
    Ok(Listed::new(page, &uri, Audience::Public { fresh_for }))
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
) -> Result<Either<Tagged<Category>, Moved>, Problem> {
    Ok(match categories.get(&name).await? {
        Found::Here(filed) => Either::first(filed),
        Found::Moved(id) => Either::second(Moved::to(Cacheable {
            value: format!("/v1/categories/{id}"),
            fresh_for: None,
        })),
    })
}
