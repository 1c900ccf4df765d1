//! Items of the table of tokens.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    accounts::Session,
    values::{Timestamp, UserId},
};

/// The attributes of a session.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SessionRecord {
    pub(super) user_id: UserId,
    pub(super) secret_digest: String,
    pub(super) created_at: Timestamp,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    pub(super) expires_at: i64,
}

impl From<&Session> for SessionRecord {
    fn from(session: &Session) -> Self {
        let Session {
            family: _,
            user_id,
            secret_digest,
            created_at,
            expires_at,
        } = session;
        Self {
            user_id: *user_id,
            secret_digest: secret_digest.clone(),
            created_at: *created_at,
            expires_at: expires_at.as_seconds(),
        }
    }
}
