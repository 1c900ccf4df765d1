use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    access::{Caller, Permission, Role},
    accounts::{Accounts, User},
};
use utoipa::{ToSchema, openapi::Object};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    extract::NoQuery,
    problem::Problem,
    respond::{Private, View, names},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_me))
}

/// The authenticated user with permissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The id of the user.
    id: Uuid,
    /// The e-mail address of the account.
    #[schema(format = Email)]
    email: String,
    /// The display name.
    display_name: String,
    #[schema(schema_with = roles)]
    role: &'static str,
    /// The permissions of the role. With an API key, only those in its scopes.
    permissions: Vec<&'static str>,
}

fn roles() -> Object {
    names(Role::ALL.map(Role::as_str), "The role of the user.")
}

impl Me {
    fn of(user: User, caller: &Caller) -> Self {
        let User {
            id,
            email,
            display_name,
            role,
            created_at: _,
            tokens_valid_from: _,
        } = user;
        Self {
            id: id.uuid(),
            email: email.into(),
            display_name: display_name.into(),
            role: role.as_str(),
            permissions: caller.permissions().map(Permission::as_str).collect(),
        }
    }
}

impl View for Me {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
            email: "ana@example.org".to_owned(),
            display_name: "Ana García".to_owned(),
            role: Role::Author.as_str(),
            permissions: vec![
                Permission::ReadPosts.as_str(),
                Permission::CreatePosts.as_str(),
            ],
        }
    }
}

/// Returns the authenticated user.
///
/// Includes the permissions of the user or, with an API key, of the key.
#[utoipa::path(get, path = "/v1/me", tag = "accounts", security(("bearer" = [])))]
async fn get_me(
    State(accounts): State<Accounts>,
    caller: Caller,
    _: NoQuery,
) -> Result<Private<Me>, Problem> {
    let user = accounts.me(&caller).await?;
    Ok(Private(Me::of(user, &caller)))
}
