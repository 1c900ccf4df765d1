//! The lists of posts. `parameters` declares the parameters, `table` the allowed combinations.

mod fields;
mod list_kind;
mod page;
mod parameters;
mod query;
mod related;
mod removed;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod values;

use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::Caller,
    page::{Page, PageRequest},
    posts::{LiveCopy, Post, Posts, PublicSummary, RemovedAddress},
    values::{PostId, Timestamp},
};

pub(in crate::routes) use self::values::Flag;
use self::{
    page::PostPage,
    query::{ListPosts, PostQuery},
    related::{RelatedIds, RelatedStores},
};
pub(crate) use self::{
    related::{CategoryNameView, Included, OwnerView},
    removed::RemovedPage,
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
/// by status, all working copies (`status=any`), and working copies changed since a time. `updated_since` without
/// `status` returns the published posts that changed, and in `removed` the addresses to delete. The filters `category`,
/// `tag`, `author` and `locale` can be combined; then a page can be short or empty although it is not the last one.
/// `ids` returns the given posts. With `fields=body` or `html`, published posts have their texts; then `limit` is at most
/// 25, and a page with more than 2 MiB of texts ends early. See docs/lists.md for all combinations of parameters; others fail with 400.
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
    let mut loaded = load(&posts, &caller, query, &page, &uri).await?;
    let included = stores.fetch(&include, loaded.related, &caller).await?;
    if let Some(included) = included {
        loaded.listed = loaded.listed.with_member("included", &included);
    }
    Ok(PostPage::new(loaded.listed, fields.as_ref()))
}

/// A page and the ids of its related resources.
struct LoadedPage {
    listed: Listed<PostRow>,
    related: RelatedIds,
}

impl LoadedPage {
    fn live(page: Page<PublicSummary>, uri: &Uri, audience: Audience) -> Self {
        Self {
            related: RelatedIds::of_live(&page.items),
            listed: Listed::new(page, uri, audience),
        }
    }

    fn texts(page: Page<LiveCopy>, uri: &Uri, audience: Audience) -> Self {
        Self {
            related: RelatedIds::of_live(page.items.iter().map(|copy| &copy.summary)),
            listed: Listed::new(page, uri, audience),
        }
    }

    fn working(page: Page<Post>, caller: &Caller, uri: &Uri) -> Self {
        let related = RelatedIds::of_working(&page.items);
        let page = page.map(|post| PostRow::of(post, caller));
        Self {
            related,
            listed: Listed::new(page, uri, Audience::Caller),
        }
    }

    fn with_missing(mut self, missing: &[PostId]) -> Self {
        let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
        self.listed = self.listed.with_member("missing", &missing);
        self
    }

    fn with_changes(mut self, removed: Vec<RemovedAddress>, next_since: Timestamp) -> Self {
        let removed: Vec<_> = removed.into_iter().map(RemovedPage::from).collect();
        self.listed = self.listed.with_member("removed", &removed);
        let next = next_since.to_string();
        self.listed = self.listed.with_member("next_updated_since", &next);
        self
    }
}

async fn load(
    posts: &Posts,
    caller: &OptionalCaller,
    query: PostQuery,
    page: &PageRequest,
    uri: &Uri,
) -> Result<LoadedPage, Problem> {
    Ok(match query {
        PostQuery::Public(query) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.list_public(query, page).await?;
            LoadedPage::live(found, uri, audience)
        }
        PostQuery::PublicTexts(query) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.list_live_copies(&query, page).await?;
            LoadedPage::texts(found, uri, audience)
        }
        PostQuery::Changes(query) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.list_changes(&query, page).await?;
            LoadedPage::live(found.posts, uri, audience)
                .with_changes(found.removed, found.next_since)
        }
        PostQuery::ChangedTexts(query) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.list_changed_copies(&query, page).await?;
            LoadedPage::texts(found.posts, uri, audience)
                .with_changes(found.removed, found.next_since)
        }
        PostQuery::Desk(query) => {
            let caller = caller.require()?;
            let found = posts.list_desk(caller, query, page).await?;
            LoadedPage::working(found, caller, uri)
        }
        PostQuery::ById(CopyView::Live, ids) => {
            let audience = public_audience(posts, caller).await?;
            let found = posts.get_many_live(&ids).await?;
            let (page, missing) = in_order(&ids, found, |copy| copy.id);
            LoadedPage::live(page, uri, audience).with_missing(&missing)
        }
        PostQuery::ById(CopyView::Working, ids) => {
            let caller = caller.require()?;
            let found = posts.get_many(caller, &ids).await?;
            let (page, missing) = in_order(&ids, found, |post| post.state.id);
            LoadedPage::working(page, caller, uri).with_missing(&missing)
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
