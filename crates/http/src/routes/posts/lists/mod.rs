//! The lists of posts. `parameters` declares the parameters, `table` the allowed combinations.

mod fields;
mod list_kind;
mod page;
mod parameters;
mod query;
mod related;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod values;

use axum::extract::State;
use http::Uri;
use tintero_domain::{
    page::{Page, PageRequest},
    posts::Posts,
    values::PostId,
};

use self::{
    page::PostPage,
    query::{ListPosts, PostQuery},
    related::{RelatedIds, RelatedStores},
};
pub(crate) use self::{
    related::{CategoryNameView, Included, OwnerView},
    row::{PostRow, SparseLivePost, SparsePost},
    table::lists_page,
};
use crate::{
    extract::{OptionalCaller, Query},
    problem::{NotFoundResponse, Problem},
    respond::{Audience, Listed},
    routes::posts::copy_view::CopyView,
};

/// Lists posts.
///
/// Without `status`, returns the published posts, newest first. Authenticated callers can also list working copies
/// by status, all working copies (`status=any`), and working copies changed since a time. The filters `category`,
/// `tag`, `author` and `locale` can be combined; then a page can be short or empty although it is not the last one.
/// `ids` returns the given posts. See docs/lists.md for all combinations of parameters; others fail with 400.
#[utoipa::path(get, path = "/v1/posts", tag = "posts", security((), ("bearer" = [])), params(ListPosts),
    responses(NotFoundResponse))]
pub(super) async fn list_posts(
    State(posts): State<Posts>,
    State(stores): State<RelatedStores>,
    caller: OptionalCaller,
    Query(params): Query<ListPosts>,
    uri: Uri,
) -> Result<PostPage, Problem> {
    let ListPosts {
        query,
        page,
        fields,
        include,
    } = params;
    let (listed, related, missing) = load(&posts, &caller, query, &page, &uri).await?;
    let included = stores.fetch(&include, related, &caller).await?;
    Ok(PostPage::new(listed, fields.as_ref(), included, missing))
}

/// Returns the page, the ids of its related resources and, for lists by id, the missing ids.
async fn load(
    posts: &Posts,
    caller: &OptionalCaller,
    query: PostQuery,
    page: &PageRequest,
    uri: &Uri,
) -> Result<(Listed<PostRow>, RelatedIds, Option<Vec<PostId>>), Problem> {
    Ok(match query {
        PostQuery::Public(query) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.list_public(query, page).await?;
            let related = RelatedIds::of_live(&found.items);
            (Listed::new(found, uri, audience), related, None)
        }
        PostQuery::Desk(query) => {
            let found = posts.list_desk(caller.require()?, query, page).await?;
            let related = RelatedIds::of_working(&found.items);
            (Listed::new(found, uri, Audience::Caller), related, None)
        }
        PostQuery::ById(CopyView::Live, ids) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.get_many_live(&ids).await?;
            let related = RelatedIds::of_live(&found);
            let (page, missing) = in_order(&ids, found, |copy| copy.id);
            (Listed::new(page, uri, audience), related, Some(missing))
        }
        PostQuery::ById(CopyView::Working, ids) => {
            let found = posts.get_many(caller.require()?, &ids).await?;
            let related = RelatedIds::of_working(&found);
            let (page, missing) = in_order(&ids, found, |post| post.state.id);
            (
                Listed::new(page, uri, Audience::Caller),
                related,
                Some(missing),
            )
        }
    })
}

/// Responses to authenticated callers are never stored in shared caches.
async fn public_audience(posts: &Posts, caller: &OptionalCaller) -> Result<Audience, Problem> {
    if caller.is_signed_in() {
        return Ok(Audience::Caller);
    }
    let fresh_for = posts.fresh_for().await?;
    Ok(Audience::Public { fresh_for })
}

/// Returns the posts in the order of `ids`, and the ids without a post.
fn in_order<T>(ids: &[PostId], found: Vec<T>, id: impl Fn(&T) -> PostId) -> (Page<T>, Vec<PostId>) {
    let missing = ids
        .iter()
        .filter(|requested| !found.iter().any(|post| id(post) == **requested))
        .copied()
        .collect();
    let mut items = found;
    items.sort_by_key(|post| ids.iter().position(|requested| *requested == id(post)));
    (Page { items, next: None }, missing)
}
