use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    values::{DisplayName, Email, Timestamp, UserId},
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
    /// Role, which determines the permissions.
    pub role: Role,
    /// Creation time.
    pub created_at: Timestamp,
    /// Tokens and sessions issued before this time are invalid.
    pub tokens_valid_from: Timestamp,
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
}
