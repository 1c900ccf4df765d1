use axum::extract::State;
use tintero_domain::{access::Caller, accounts::Users, values::UserId};

use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::NoContent,
};

/// Removes the second factor of a user.
///
/// For users who lost it and their recovery codes. Ends the user's sessions. If the caller has a second factor, needs a
/// sign-in with a code in the last 15 minutes.
#[utoipa::path(delete, path = "/v1/users/{id}/second-factor", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The user.")))]
pub(super) async fn remove_user_second_factor(
    State(users): State<Users>,
    caller: Caller,
    Path(id): Path<UserId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    users.remove_factor((&caller).into(), id).await?;
    Ok(NoContent)
}
