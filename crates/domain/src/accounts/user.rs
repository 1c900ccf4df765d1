use serde::{Deserialize, Serialize};

use super::EnrolledFactor;
use crate::{
    access::Role,
    values::{Bio, DisplayName, Email, Locale, Timestamp, UserId, UserStatus, Version},
};

/// A user account, with which a person signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Id of the user.
    pub id: UserId,
    /// E-mail address of the account.
    pub email: Email,
    /// Display name.
    pub display_name: DisplayName,
    /// Preferred language of the user interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Locale>,
    /// Short biography.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Bio>,
    /// Role, which determines the permissions.
    pub role: Role,
    /// Whether the user can sign in. `status` is a reserved word in expressions of the store.
    #[serde(default, rename = "user_status")]
    pub status: UserStatus,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change. Absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Number of accepted writes of profile, role and status.
    #[serde(default = "first_version")]
    pub version: Version,
    /// Tokens and sessions issued before this time are invalid.
    pub tokens_valid_from: Timestamp,
    /// Time at which the second factor was enrolled. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_since: Option<Timestamp>,
}

/// Users that were stored before this attribute existed have the first version.
fn first_version() -> Version {
    Version::FIRST
}

impl User {
    /// Whether the user can sign in, and tokens and API keys are accepted.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the user is an administrator who can sign in.
    #[must_use]
    pub fn is_active_administrator(&self) -> bool {
        self.is_active() && self.role == Role::Administrator
    }

    /// Time of the last change, or of the creation.
    #[must_use]
    pub fn modified_at(&self) -> Timestamp {
        self.updated_at.unwrap_or(self.created_at)
    }
}

/// Password hash in the PHC string format: algorithm, parameters, salt and digest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Credentials of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The user.
    pub user_id: UserId,
    /// Hash of the password.
    pub password_hash: PasswordHash,
    /// Tokens and sessions issued before this time are invalid. Absent in credentials that were stored
    /// before this attribute existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_valid_from: Option<Timestamp>,
    /// The second factor, if one is enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<EnrolledFactor>,
}
