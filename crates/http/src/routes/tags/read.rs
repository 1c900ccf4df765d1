use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    posts::Posts,
    taxonomy::{Tags, UsedTag},
};
use utoipa::ToSchema;

use crate::{
    extract::{PageParams, Query},
    problem::Problem,
    respond::{Audience, Listed, View},
};

/// A tag of published posts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
pub(crate) struct TagView {
    /// The tag in lower case. Tags are case-insensitive.
    tag: String,
    /// The number of published posts with the tag, including those that a merge has not relocated yet.
    post_count: u64,
}

impl From<UsedTag> for TagView {
    fn from(UsedTag { folded, post_count }: UsedTag) -> Self {
        Self {
            tag: folded,
            post_count,
        }
    }
}

impl View for TagView {
    fn example() -> Self {
        Self {
            tag: "rust".to_owned(),
            post_count: 7,
        }
    }
}

/// Lists the tags of published posts in code point order, with their post counts.
#[utoipa::path(get, path = "/v1/tags", tag = "posts", params(PageParams))]
pub(super) async fn list_tags(
    State(tags): State<Tags>,
    State(posts): State<Posts>,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<TagView>, Problem> {
    let page = tags.list(&page).await?;
    let fresh_for = posts.fresh_for().await?;
    Ok(Listed::new(page, &uri, Audience::Public { fresh_for }))
}
