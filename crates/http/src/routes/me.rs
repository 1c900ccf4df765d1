use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    access::{Assurance, Caller, Permission, Role},
    accounts::{Accounts, ProfilePatch, User, Users},
};
use utoipa::{ToSchema, openapi::Object};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::users::{about, roles};
use crate::{
    app::App,
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, described},
    extract::{NoQuery, Write},
    problem::Problem,
    respond::{Private, View, names},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_me, update_me))
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
    /// The preferred language of the user interface (BCP 47).
    #[schema(required)]
    language: Option<String>,
    /// A short biography in plain text.
    #[schema(required)]
    bio: Option<String>,
    #[schema(schema_with = roles)]
    role: &'static str,
    /// The actions that the caller may perform on the own account now.
    allowed: Vec<&'static str>,
    /// `enrolled`, `none`, or `due` if the role requires one and the caller can only enrol it.
    #[schema(schema_with = second_factor)]
    second_factor: &'static str,
    /// The permissions of the role. With an API key, only those in its scopes.
    permissions: Vec<&'static str>,
}

impl Me {
    fn of(user: User, caller: &Caller) -> Self {
        let User {
            id,
            email,
            display_name,
            language,
            bio,
            // The token of a foreign issuer may give another role.
            role: _,
            status: _,
            created_at: _,
            updated_at: _,
            version: _,
            tokens_valid_from: _,
            second_factor_since,
        } = user;
        let may_update = caller.may(Permission::EditProfile);
        Self {
            id: id.uuid(),
            email: email.into(),
            display_name: display_name.into(),
            language: language.map(Into::into),
            bio: bio.map(Into::into),
            role: caller.role.as_str(),
            allowed: may_update.then_some("update").into_iter().collect(),
            second_factor: state_of(second_factor_since.is_some(), caller),
            permissions: caller.permissions().map(Permission::as_str).collect(),
        }
    }
}

const FACTOR_STATES: [&str; 3] = ["none", "due", "enrolled"];

fn state_of(is_enrolled: bool, caller: &Caller) -> &'static str {
    let [none, due, enrolled] = FACTOR_STATES;
    if is_enrolled {
        enrolled
    } else if caller.assurance == Assurance::EnrolmentDue {
        due
    } else {
        none
    }
}

fn second_factor() -> Object {
    names(FACTOR_STATES, "The state of the second factor.")
}

impl View for Me {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
            email: "ana@example.org".to_owned(),
            display_name: "Ana García".to_owned(),
            language: Some("es".to_owned()),
            bio: None,
            role: Role::Author.as_str(),
            allowed: vec!["update"],
            second_factor: "none",
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

/// A merge patch of the own profile. Null clears a member.
pub(crate) struct PatchMe(ProfilePatch);

impl RequestObject for PatchMe {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self(ProfilePatch {
            display_name: fields.settable("display_name", about::NAME),
            language: fields.clearable("language", about::LANGUAGE),
            bio: fields.clearable("bio", about::BIO),
        }))
    }
}

impl Body for PatchMe {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchMe);

/// Updates the profile of the authenticated user.
///
/// Needs no `If-Match`, because only the user and administrators change it.
#[utoipa::path(patch, path = "/v1/me", tag = "accounts", security(("bearer" = [])),
    request_body(content = PatchMe, content_type = "application/merge-patch+json", example = json!({"display_name": "Ana García"})))]
async fn update_me(
    State(users): State<Users>,
    Write { caller, body }: Write<PatchMe>,
) -> Result<Private<Me>, Problem> {
    let user = users.update_own(&caller, body.0).await?;
    Ok(Private(Me::of(user, &caller)))
}
