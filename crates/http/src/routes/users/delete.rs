use axum::extract::State;
use tintero_domain::{
    accounts::{UserDeletion, Users},
    values::UserId,
};

use super::super::{operations::OperationView, parameters::UnkeyedEditParams, posts::EmptyBody};
use crate::{
    body::Built,
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::Problem,
    respond::Accepted,
};

/// The query string of a deletion.
pub(super) struct DeleteUserParams(Option<UserId>);

impl Parameters for DeleteUserParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The active user who gets the posts. Default: the caller.";
        Built::from(Self(params.optional("reassign_to", about)))
    }
}

documented_params!(DeleteUserParams);

/// Deletes a user.
///
/// Sign-in ends at once, and the e-mail address is free again. The operation then gives the posts to another user and
/// removes the user. The last active administrator cannot be deleted. Deleting a user again starts another operation,
/// which continues after one that failed or was cancelled.
#[utoipa::path(delete, path = "/v1/users/{id}", tag = "users", security(("bearer" = [])),
    params(UnkeyedEditParams, DeleteUserParams))]
pub(super) async fn delete_user(
    State(users): State<Users>,
    EditWithQuery(
        DeleteUserParams(reassign_to),
        Edit {
            caller,
            id,
            base,
            body: EmptyBody,
        },
    ): EditWithQuery<DeleteUserParams, EmptyBody, UserId>,
) -> Result<Accepted<OperationView>, Problem> {
    let deletion = UserDeletion {
        id,
        base: Some(base.version),
        reassign_to: reassign_to.unwrap_or(caller.user_id),
    };
    let operation = users.delete((&caller).into(), deletion).await?;
    Ok(Accepted::of(operation, &caller))
}
