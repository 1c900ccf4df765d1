use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    posts::Posts,
    tags::{Tags, UsedTag},
};
use utoipa::ToSchema;

use crate::{
    extract::{PageParams, Query},
    problem::Problem,
    respond::{Audience, Listed, View},
};

/// A free keyword that published posts have.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tag {
    /// The tag in lower case: letter case does not tell tags apart.
    tag: String,
    /// How many published posts have it, those on their way from tags that it stands for included.
    post_count: u64,
}

impl From<UsedTag> for Tag {
    fn from(UsedTag { folded, post_count }: UsedTag) -> Self {
        Self {
            tag: folded,
            post_count,
        }
    }
}

impl View for Tag {
    fn example() -> Self {
        Self {
            tag: "rust".to_owned(),
            post_count: 7,
        }
    }
}

/// Lists the tags of published posts in the order of their characters, with how many posts have them.
#[utoipa::path(get, path = "/v1/tags", tag = "posts", params(PageParams))]
pub(super) async fn list_tags(
    State(tags): State<Tags>,
    State(posts): State<Posts>,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<Tag>, Problem> {
    let page = tags.list(&page).await?;
    let fresh_for = posts.fresh_for().await?;
    Ok(Listed::new(page, &uri, Audience::Public { fresh_for }))
}
