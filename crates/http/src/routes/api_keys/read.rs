use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::Caller,
    accounts::ApiKeys,
    page::PageRequest,
    values::{ApiKeyId, UserId},
};

use super::ApiKeyView;
use crate::{
    body::Built,
    extract::{NoQuery, Parameters, Params, Path, Query, documented_params, page},
    problem::Problem,
    respond::{Audience, Listed, Private},
};

/// The query string of the list.
pub(super) struct ListKeysParams {
    owner: Option<UserId>,
    page: PageRequest,
}

impl Parameters for ListKeysParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "Keys of this user. Other users require the permission `keys:manage_any`.";
        let owner = params.optional("owner", about);
        Built::from(Self {
            owner,
            page: page(params),
        })
    }
}

documented_params!(ListKeysParams);

/// Lists API keys, newest first.
///
/// Returns the keys of the caller; for administrators, those of all users. A page can be short or empty although it is
/// not the last one.
#[utoipa::path(get, path = "/v1/api-keys", tag = "users", security(("bearer" = [])), params(ListKeysParams))]
pub(super) async fn list_api_keys(
    State(keys): State<ApiKeys>,
    caller: Caller,
    Query(ListKeysParams { owner, page }): Query<ListKeysParams>,
    uri: Uri,
) -> Result<Listed<ApiKeyView>, Problem> {
    let page = keys.list_for(&caller, owner, &page).await?;
    let page = page.map(|listed| ApiKeyView::of(listed, &caller));
    Ok(Listed::new(page, &uri, Audience::Caller))
}

/// Returns an API key without its secret.
#[utoipa::path(get, path = "/v1/api-keys/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The API key.")))]
pub(super) async fn get_api_key(
    State(keys): State<ApiKeys>,
    caller: Caller,
    Path(id): Path<ApiKeyId>,
    _: NoQuery,
) -> Result<Private<ApiKeyView>, Problem> {
    let listed = keys.get_for(&caller, id).await?;
    Ok(Private(ApiKeyView::of(listed, &caller)))
}
