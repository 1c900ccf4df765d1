use serde::Serialize;
use tintero_domain::{
    access::{Caller, Role},
    accounts::{InvitedUser, User, UserAction},
    values::{Timestamp, UserStatus, VersionTag},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::{
    base_path::prefixed,
    respond::{Tagged, View, names},
};

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
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
    #[schema(schema_with = statuses)]
    status: &'static str,
    /// The actions that the caller may perform on the user now.
    allowed: Vec<&'static str>,
    /// Whether the user has a second factor.
    has_second_factor: bool,
    /// The version. Incremented by each write.
    version: u64,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the last write.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// The schema of a role.
pub(in crate::routes) fn roles() -> Object {
    names(Role::ALL.map(Role::as_str), "The role of the user.")
}

fn statuses() -> Object {
    let about = "Only active users can sign in. Deleting users are removed by an operation.";
    names(UserStatus::ALL.map(UserStatus::as_str), about)
}

impl UserView {
    pub(super) fn of(user: User, caller: &Caller) -> Self {
        let allowed = user.allowed_to(caller);
        let updated_at = user.modified_at();
        let User {
            id,
            email,
            display_name,
            language,
            bio,
            role,
            status,
            created_at,
            updated_at: _,
            version,
            tokens_valid_from: _,
            second_factor_since,
        } = user;
        Self {
            id: id.uuid(),
            email: email.into(),
            display_name: display_name.into(),
            language: language.map(Into::into),
            bio: bio.map(Into::into),
            role: role.as_str(),
            status: status.as_str(),
            allowed: allowed.into_iter().map(UserAction::as_str).collect(),
            has_second_factor: second_factor_since.is_some(),
            version: version.0,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }

    /// The response with a user. `allowed` changes without a write.
    pub(super) fn tagged(user: User, caller: &Caller) -> Tagged<Self> {
        let (tag, modified) = (VersionTag::of(user.version), user.modified_at());
        Tagged {
            has_derived: true,
            ..Tagged::new(Self::of(user, caller), tag, modified)
        }
    }
}

impl View for UserView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
            email: "ana@example.org".to_owned(),
            display_name: "Ana García".to_owned(),
            language: Some("es".to_owned()),
            bio: None,
            role: Role::Author.as_str(),
            status: UserStatus::Active.as_str(),
            allowed: vec![UserAction::Update.as_str(), UserAction::Disable.as_str()],
            has_second_factor: false,
            version: 1,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}

/// An invited user with the token, which is not shown again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationView {
    /// The invited user.
    user: UserView,
    /// The token for `POST /v1/auth/invitations/accept`. It is valid once.
    token: String,
    /// Expiry of the token.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl InvitationView {
    /// Returns the URL of the user, and the view.
    pub(super) fn of(invited: InvitedUser, caller: &Caller) -> (String, Self) {
        let InvitedUser {
            user,
            token,
            expires_at,
        } = invited;
        let location = prefixed(format!("/v1/users/{}", user.id));
        let view = Self {
            user: UserView::of(user, caller),
            token: token.expose(),
            expires_at: Timestamp::into(expires_at),
        };
        (location, view)
    }
}

impl View for InvitationView {
    fn example() -> Self {
        Self {
            user: UserView {
                status: UserStatus::Invited.as_str(),
                ..UserView::example()
            },
            token: "01912d68783e7a0384675661c1243ad4.c2VjcmV0".to_owned(),
            expires_at: "2026-11-29T10:00:00.000Z".to_owned(),
        }
    }
}
