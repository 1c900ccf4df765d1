use axum::extract::State;
use http::Uri;
use tintero_domain::{
    categories::Categories,
    page::Page,
    posts::Posts,
    values::{CategoryId, IdOrSlug},
};

use super::Category;
use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::{Audience, Listed, Tagged},
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

/// Shows a category.
#[utoipa::path(get, path = "/v1/categories/{id}", tag = "categories",
    params(("id" = String, Path, description = "The category, by id or slug.")))]
pub(super) async fn get_category(
    State(categories): State<Categories>,
    Path(name): Path<IdOrSlug<CategoryId>>,
    _: NoQuery,
) -> Result<Tagged<Category>, Problem> {
    let filed = categories.get(&name).await?;
    Ok(filed.into())
}
