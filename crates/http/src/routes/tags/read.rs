use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    access::ManagedKind,
    posts::Posts,
    taxonomy::{Tags, UsedTag},
};
use utoipa::ToSchema;

use crate::{
    extract::{OptionalCaller, PageParams, Query},
    problem::Problem,
    respond::{Audience, Listed, View},
    routes::allowed::AllowedActions,
};

/// A tag of published posts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
pub(crate) struct TagView {
    /// The tag in lower case. Tags are case-insensitive.
    tag: String,
    /// The number of published posts with the tag, including those that a merge has not relocated yet.
    post_count: u64,
    /// The actions that the caller may perform now. Absent without a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<Vec<&'static str>>,
}

impl TagView {
    fn of(UsedTag { folded, post_count }: UsedTag, allowed: AllowedActions) -> Self {
        Self {
            tag: folded,
            post_count,
            allowed,
        }
    }
}

impl View for TagView {
    fn example() -> Self {
        Self {
            tag: "rust".to_owned(),
            post_count: 7,
            allowed: Some(vec!["rename", "merge"]),
        }
    }
}

/// Lists the tags of published posts in code point order, with their post counts.
#[utoipa::path(get, path = "/v1/tags", tag = "posts", security((), ("bearer" = [])), params(PageParams))]
pub(super) async fn list_tags(
    State(tags): State<Tags>,
    State(posts): State<Posts>,
    caller: OptionalCaller,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<TagView>, Problem> {
    let allowed = caller.allowed_on(ManagedKind::Tag);
    let page = tags.list(&page).await?;
    let page = page.map(|tag| TagView::of(tag, allowed.clone()));
    let fresh_for = posts.fresh_for().await?;
    let audience = caller.audience(Audience::Public { fresh_for });
    Ok(Listed::new::<TagView>(page, &uri, audience))
}
