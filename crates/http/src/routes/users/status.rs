use axum::extract::State;
use tintero_domain::{accounts::Users, values::UserId};

use super::{super::parameters::UnkeyedEditParams, UserView};
use crate::{extract::Edit, problem::Problem, respond::Tagged, routes::posts::EmptyBody};

/// Disables a user.
///
/// Sign-in, tokens and API keys of the user are rejected: at once by this server, within five seconds by others. The
/// user must be active. Disabling a disabled user changes nothing.
#[utoipa::path(post, path = "/v1/users/{id}/disable", tag = "users", security(("bearer" = [])),
    params(UnkeyedEditParams))]
pub(super) async fn disable_user(
    State(users): State<Users>,
    Edit {
        caller,
        id,
        base,
        body: EmptyBody,
    }: Edit<EmptyBody, UserId>,
) -> Result<Tagged<UserView>, Problem> {
    let disabled = users.disable((&caller).into(), id, Some(base.version));
    Ok(UserView::tagged(disabled.await?, &caller))
}

/// Enables a disabled user.
///
/// Sessions from before stay ended. API keys are accepted again.
#[utoipa::path(post, path = "/v1/users/{id}/enable", tag = "users", security(("bearer" = [])),
    params(UnkeyedEditParams))]
pub(super) async fn enable_user(
    State(users): State<Users>,
    Edit {
        caller,
        id,
        base,
        body: EmptyBody,
    }: Edit<EmptyBody, UserId>,
) -> Result<Tagged<UserView>, Problem> {
    let enabled = users.enable((&caller).into(), id, Some(base.version));
    Ok(UserView::tagged(enabled.await?, &caller))
}
