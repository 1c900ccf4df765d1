//! Items of e-mail addresses, invitations, sessions and requested resets of passwords.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    accounts::{
        Credentials, EnrolledFactor, Invitation, IssuerProof, PasswordHash, PasswordReset,
        ResetAccount, Session, SessionKind,
    },
    values::{Email, Timestamp, UserId},
};
use uuid::Uuid;

/// The attributes of a session. Those that can be absent did not exist in earlier versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SessionRecord {
    #[serde(default, skip_serializing_if = "SessionKind::is_tokens")]
    pub(super) kind: SessionKind,
    pub(super) user_id: UserId,
    pub(super) secret_digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) family_digest: Option<String>,
    pub(super) created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) used_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ends_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_address: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<String>,
    #[serde(default, skip_serializing_if = "IssuerProof::is_empty")]
    pub(super) issuer_proof: IssuerProof,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    pub(super) expires_at: i64,
}

impl SessionRecord {
    /// Expiry of the session.
    pub(super) fn expiry(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at.saturating_mul(1000))
    }

    /// Converts to the session with this id.
    pub(super) fn into_session(self, family: Uuid) -> Session {
        let expires_at = self.expiry();
        Session {
            kind: self.kind,
            family,
            user_id: self.user_id,
            secret_digest: self.secret_digest,
            family_digest: self.family_digest,
            created_at: self.created_at,
            used_at: self.used_at.unwrap_or(self.created_at),
            expires_at,
            ends_at: self.ends_at.unwrap_or(expires_at),
            address: self.client_address,
            agent: self.user_agent,
            issuer_proof: self.issuer_proof,
        }
    }
}

impl From<&Session> for SessionRecord {
    fn from(session: &Session) -> Self {
        let Session {
            kind,
            family: _,
            user_id,
            secret_digest,
            family_digest,
            created_at,
            used_at,
            expires_at,
            ends_at,
            address,
            agent,
            issuer_proof,
        } = session;
        Self {
            kind: *kind,
            user_id: *user_id,
            secret_digest: secret_digest.clone(),
            family_digest: family_digest.clone(),
            created_at: *created_at,
            used_at: Some(*used_at),
            ends_at: Some(*ends_at),
            client_address: *address,
            user_agent: agent.clone(),
            issuer_proof: *issuer_proof,
            expires_at: expires_at.as_seconds(),
        }
    }
}

/// The attributes of the entry of a session in the list of its user.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SessionRow {
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    pub(super) expires_at: i64,
}

/// The attributes of a requested reset of a password.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ResetRecord {
    digest: String,
    /// Absent if the address of the request has no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<Email>,
    ends_at: Timestamp,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    expires_at: i64,
}

impl ResetRecord {
    /// Converts to the reset with this id.
    pub(super) fn into_reset(self, id: Uuid) -> PasswordReset {
        let account = self.user_id.zip(self.email);
        PasswordReset {
            id,
            digest: self.digest,
            account: account.map(|(user_id, email)| ResetAccount { user_id, email }),
            expires_at: self.ends_at,
        }
    }
}

impl From<&PasswordReset> for ResetRecord {
    fn from(reset: &PasswordReset) -> Self {
        let PasswordReset {
            id: _,
            digest,
            account,
            expires_at,
        } = reset;
        Self {
            digest: digest.clone(),
            user_id: account.as_ref().map(|account| account.user_id),
            email: account.as_ref().map(|account| account.email.clone()),
            ends_at: *expires_at,
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
    /// The encrypted secret of the second factor. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor_secret: Option<String>,
    /// The step of the last accepted code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor_step: Option<u64>,
    /// Digests of the unused recovery codes: a set, which is absent if it would be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recovery_codes: Vec<String>,
}

impl EmailRecord {
    /// The claim of a user without credentials.
    pub(super) fn of(user_id: UserId) -> Self {
        Self {
            user_id,
            password_hash: None,
            tokens_valid_from: None,
            factor_secret: None,
            factor_step: None,
            recovery_codes: Vec::new(),
        }
    }

    /// The credentials, if the user has a password.
    pub(super) fn credentials(self) -> Option<Credentials> {
        let factor = self.factor_secret.zip(self.factor_step);
        let recovery_codes = self.recovery_codes;
        Some(Credentials {
            user_id: self.user_id,
            factor: factor.map(|(sealed, last_step)| EnrolledFactor {
                sealed,
                last_step,
                recovery_codes,
            }),
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
