use axum::extract::State;
use http::Uri;
use tintero_domain::posts::Posts;
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::{
    PostRow,
    filters::{List, ListPosts},
};
use crate::{
    extract::{Query, Visitor, parameters},
    problem::Problem,
    respond::{Audience, Listed},
};

impl IntoParams for ListPosts {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists posts, the newest first.
///
/// Without filters, the published posts, for everybody; `category`, `author`, `tag` or `locale` narrows
/// them, one at a time. With a token, `status` is `draft`, `scheduled`, `archived`, `trashed` or (with `view=working`) `published`, each
/// of them with or without `owner`, or it is `any`, the latest change first. Combinations that
/// are not named here are refused.
#[utoipa::path(get, path = "/v1/posts", tag = "posts", security((), ("bearer" = [])), params(ListPosts))]
pub(super) async fn list_posts(
    State(posts): State<Posts>,
    visitor: Visitor,
    Query(ListPosts { list, page }): Query<ListPosts>,
    uri: Uri,
) -> Result<Listed<PostRow>, Problem> {
    match list {
        List::Public(facet) => {
            let audience = if visitor.is_signed_in() {
                Audience::Caller
            } else {
                let quiet = posts.quiet().await?;
                Audience::Public { quiet }
            };
            let found = posts.list_public(facet, &page).await?;
            Ok(Listed::new(found, &uri, audience))
        }
        List::Desk(facet) => {
            let found = posts.list_desk(&visitor.signed_in()?, facet, &page).await?;
            Ok(Listed::new(found, &uri, Audience::Caller))
        }
    }
}
