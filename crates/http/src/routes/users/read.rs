use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::{Caller, Role},
    accounts::{UserQuery, Users},
    page::PageRequest,
    values::{UserId, UserStatus},
};

use super::UserView;
use crate::{
    body::Built,
    extract::{NoQuery, Parameters, Params, Path, Query, documented_params, page},
    problem::Problem,
    respond::{Audience, Listed, Tagged},
};

/// The query string of the list.
pub(super) struct ListUsersParams {
    query: UserQuery,
    page: PageRequest,
}

impl Parameters for ListUsersParams {
    fn read(params: &mut Params) -> Built<Self> {
        let role: Option<Role> = params.optional("role", "Users with this role.");
        let status: Option<UserStatus> = params.optional("status", "Users with this status.");
        Built::from(Self {
            query: UserQuery { role, status },
            page: page(params),
        })
    }
}

documented_params!(ListUsersParams);

/// Lists users, newest first.
///
/// With `status`, a page can be short or empty although it is not the last one. The list can be slightly behind.
#[utoipa::path(get, path = "/v1/users", tag = "users", security(("bearer" = [])), params(ListUsersParams))]
pub(super) async fn list_users(
    State(users): State<Users>,
    caller: Caller,
    Query(ListUsersParams { query, page }): Query<ListUsersParams>,
    uri: Uri,
) -> Result<Listed<UserView>, Problem> {
    let page = users.list((&caller).into(), &query, &page).await?;
    let page = page.map(|user| UserView::of(user, &caller));
    Ok(Listed::new(page, &uri, Audience::Caller))
}

/// Returns a user.
///
/// Every caller may read their own account.
#[utoipa::path(get, path = "/v1/users/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The user.")))]
pub(super) async fn get_user(
    State(users): State<Users>,
    caller: Caller,
    Path(id): Path<UserId>,
    _: NoQuery,
) -> Result<Tagged<UserView>, Problem> {
    let user = users.get((&caller).into(), id).await?;
    Ok(UserView::tagged(user, &caller))
}
