use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    page::PageRequest,
    posts::Posts,
    tags::{Tags, UsedTag},
};
use utoipa::{
    IntoParams, ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use crate::{
    extract::{Parameters, Params, Query, page, parameters},
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

/// A page of tags that somebody asked for.
pub(super) struct ListTags(PageRequest);

impl Parameters for ListTags {
    fn read(params: &mut Params) -> Option<Self> {
        Some(Self(page(params)))
    }
}

impl IntoParams for ListTags {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists the tags of published posts in the order of their characters, with how many posts have them.
#[utoipa::path(get, path = "/v1/tags", tag = "posts", params(ListTags))]
pub(super) async fn list_tags(
    State(tags): State<Tags>,
    State(posts): State<Posts>,
    Query(ListTags(page)): Query<ListTags>,
    uri: Uri,
) -> Result<Listed<Tag>, Problem> {
    let page = tags.list(&page).await?;
    let quiet = posts.quiet().await?;
    Ok(Listed::new(page, &uri, Audience::Public { quiet }))
}
