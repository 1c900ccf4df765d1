use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::ManagedKind,
    freshness::Cacheable,
    page::Page,
    posts::Posts,
    taxonomy::{Categories, CategoryLookup},
    values::{CategoryId, IdOrSlug},
};

use super::{CategoryView, tagged};
use crate::{
    base_path::prefixed,
    extract::{NoQuery, OptionalCaller, Path},
    problem::{GoneResponse, Problem},
    respond::{Audience, Either, Listed, Moved, Shared, Tagged},
    routes::parameters::path_params,
};

/// Lists all categories in path order: parents before their children.
#[utoipa::path(get, path = "/v1/categories", tag = "categories", security((), ("bearer" = [])))]
pub(super) async fn list_categories(
    State(categories): State<Categories>,
    State(posts): State<Posts>,
    caller: OptionalCaller,
    _: NoQuery,
    uri: Uri,
) -> Result<Listed<CategoryView>, Problem> {
    let allowed = caller.allowed_on(ManagedKind::Category);
    let listed = categories.list().await?.into_iter();
    let items = listed.map(|category| CategoryView::of(category, allowed.clone()));
    let page = Page {
        items: items.collect(),
        next: None,
    };
    // The post counts change when a scheduled post is published.
    let fresh_for = posts.fresh_for().await?;
    let audience = caller.audience(Audience::Public { fresh_for });
    Ok(Listed::new::<CategoryView>(page, &uri, audience))
}

path_params! {
    /// The path of a category.
    CategoryParam: "id", IdOrSlug<CategoryId>, "The category, by id or slug.";
}

/// Returns a category.
///
/// A merged category responds 308 with the URL of its final replacement, and a former slug with that of its category.
#[utoipa::path(
    get,
    path = "/v1/categories/{id}",
    tag = "categories",
    security((), ("bearer" = [])),
    params(CategoryParam),
    responses(GoneResponse)
)]
pub(super) async fn get_category(
    State(categories): State<Categories>,
    State(posts): State<Posts>,
    caller: OptionalCaller,
    Path(name): Path<IdOrSlug<CategoryId>>,
    _: NoQuery,
) -> Result<Either<Shared<Tagged<CategoryView>>, Moved>, Problem> {
    Ok(match categories.get(&name).await? {
        CategoryLookup::Found(category) => Either::first(Shared {
            response: tagged(category, caller.allowed_on(ManagedKind::Category)),
            // The post count changes when a scheduled post is published.
            fresh_for: posts.fresh_for().await?,
        }),
        CategoryLookup::Moved(id) => Either::second(Moved::to(Cacheable {
            value: prefixed(format!("/v1/categories/{id}")),
            fresh_for: None,
        })),
    })
}
