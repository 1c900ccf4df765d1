//! The lists of posts. `table` says which there are, `filters` reads what was asked for.

mod filters;
mod page;
mod parameter;
mod related;
mod row;
mod table;
mod values;
mod written;

use axum::extract::{FromRef, State};
use http::Uri;
use tintero_domain::{page::Page, posts::Posts, values::PostId};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

pub(super) use self::values::Side;
pub(crate) use self::written::page as written_page;
use self::{
    filters::{List, ListPosts, Shape},
    page::PostPage,
    related::{References, Shelves},
};
pub(crate) use self::{
    related::{CategoryName, Included},
    row::{PostRow, SparsePost},
};
use crate::{
    app::App,
    extract::{Query, Visitor, parameters},
    problem::Problem,
    respond::{Audience, Listed},
};

impl IntoParams for ListPosts {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

impl FromRef<App> for Shelves {
    fn from_ref(app: &App) -> Self {
        Self {
            categories: app.categories.clone(),
            bylines: app.bylines.clone(),
            images: app.images.clone(),
        }
    }
}

/// Lists posts.
///
/// Without `status`, the published posts, for everybody, the newest first; with a token also working copies by status,
/// `any` of them by their latest change, or what changed since a moment. `category`, `tag`, `author` and `locale`
/// narrow every list, all at once if need be; then a page can be short, or empty, and not the last, and
/// `page.next_cursor` goes on. `ids` gets certain posts. Which parameters go together is one table
/// (docs/lists.md); other combinations are refused by name.
#[utoipa::path(get, path = "/v1/posts", tag = "posts", security((), ("bearer" = [])), params(ListPosts))]
pub(super) async fn list_posts(
    State(posts): State<Posts>,
    State(shelves): State<Shelves>,
    visitor: Visitor,
    Query(ListPosts { list, page, shape }): Query<ListPosts>,
    uri: Uri,
) -> Result<PostPage, Problem> {
    match list {
        List::Public(query) => {
            let audience = audience(&posts, &visitor).await?;
            let found = posts.list_public(query, &page).await?;
            let named = References::of_live(&found.items);
            shaped(&shelves, &shape, named, Listed::new(found, &uri, audience)).await
        }
        List::Desk(query) => {
            let caller = visitor.signed_in()?;
            let found = posts.list_desk(&caller, query, &page).await?;
            let named = References::of_working(&found.items);
            let listed = Listed::new(found, &uri, Audience::Caller);
            shaped(&shelves, &shape, named, listed).await
        }
        List::Certain(Side::Live, ids) => {
            let audience = audience(&posts, &visitor).await?;
            let found = posts.get_many_live(&ids).await?;
            let named = References::of_live(&found);
            let (page, missing) = in_order(&ids, found, |row| row.id);
            let listed = Listed::new(page, &uri, audience);
            let page = shaped(&shelves, &shape, named, listed).await?;
            Ok(page.without(&missing))
        }
        List::Certain(Side::Working, ids) => {
            let caller = visitor.signed_in()?;
            let found = posts.get_many(&caller, &ids).await?;
            let named = References::of_working(&found);
            let (page, missing) = in_order(&ids, found, |row| row.standing.id);
            let listed = Listed::new(page, &uri, Audience::Caller);
            let page = shaped(&shelves, &shape, named, listed).await?;
            Ok(page.without(&missing))
        }
    }
}

/// For whose eyes a public list is: a token makes it the caller's.
async fn audience(posts: &Posts, visitor: &Visitor) -> Result<Audience, Problem> {
    if visitor.is_signed_in() {
        return Ok(Audience::Caller);
    }
    let quiet = posts.quiet().await?;
    Ok(Audience::Public { quiet })
}

/// The page as it was asked for: with the members and the things beside it.
async fn shaped(
    shelves: &Shelves,
    shape: &Shape,
    named: References,
    listed: Listed<PostRow>,
) -> Result<PostPage, Problem> {
    let included = shelves.fetch(&shape.include, named).await?;
    let listed = match &shape.fields {
        Some(fields) => listed.map(|row| row.with(fields)),
        None => listed,
    };
    Ok(PostPage::new(listed, included))
}

/// What was found in the order in which it was asked for, and what was not.
fn in_order<T>(ids: &[PostId], found: Vec<T>, id: impl Fn(&T) -> PostId) -> (Page<T>, Vec<PostId>) {
    let missing = ids
        .iter()
        .filter(|wanted| !found.iter().any(|row| id(row) == **wanted))
        .copied()
        .collect();
    let mut items = found;
    items.sort_by_key(|row| ids.iter().position(|wanted| *wanted == id(row)));
    (Page { items, next: None }, missing)
}
