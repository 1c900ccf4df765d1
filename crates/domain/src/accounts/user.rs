use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::Role,
    values::{DisplayName, Email, Timestamp, UserId},
};

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name of the account.
    pub email: Email,
    /// The name that others see.
    pub display_name: DisplayName,
    /// What they are to the site.
    pub role: Role,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Tokens and sessions from before this moment are worthless.
    pub tokens_valid_from: Timestamp,
}

/// A password's hash in the PHC string format: algorithm, parameters, salt and digest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What signing in needs to know of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Whose.
    pub user_id: UserId,
    /// What the password must match.
    pub password_hash: PasswordHash,
}

/// A chain of refresh tokens that began with one sign-in. Only the last of them works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names the chain; every token of it carries this.
    pub family: Uuid,
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the secret that works now, in lower-case hexadecimal.
    pub secret_digest: String,
    /// When the chain began.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}
