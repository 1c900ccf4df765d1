//! Items of e-mail addresses, invitations and sessions.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    accounts::{Credentials, Invitation, PasswordHash, Session},
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

/// The attributes of a claim on an e-mail address.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EmailRecord {
    pub(super) user_id: UserId,
    /// Absent until an invited user sets a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) password_hash: Option<PasswordHash>,
    /// Absent in claims that were stored before this attribute existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tokens_valid_from: Option<Timestamp>,
}

impl EmailRecord {
    /// The credentials, if the user has a password.
    pub(super) fn credentials(self) -> Option<Credentials> {
        Some(Credentials {
            user_id: self.user_id,
            password_hash: self.password_hash?,
            tokens_valid_from: self.tokens_valid_from,
        })
    }
}

/// The attributes of an invitation.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InvitationRecord {
    user_id: UserId,
    digest: String,
    ends_at: Timestamp,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    expires_at: i64,
}

impl From<&Invitation> for InvitationRecord {
    fn from(invitation: &Invitation) -> Self {
        let Invitation {
            user_id,
            digest,
            expires_at,
        } = invitation;
        Self {
            user_id: *user_id,
            digest: digest.clone(),
            ends_at: *expires_at,
            expires_at: expires_at.as_seconds(),
        }
    }
}

impl From<InvitationRecord> for Invitation {
    fn from(record: InvitationRecord) -> Self {
        Self {
            user_id: record.user_id,
            digest: record.digest,
            expires_at: record.ends_at,
        }
    }
}
