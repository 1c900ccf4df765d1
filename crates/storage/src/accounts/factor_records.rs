//! Items of sign-ins that need a code, and of enrolments.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    accounts::{FactorEnrolment, IssuerProof, SignInChallenge},
    values::{Email, Timestamp, UserId},
};
use uuid::Uuid;

/// The attributes of a sign-in that needs a code.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ChallengeRecord {
    digest: String,
    user_id: UserId,
    email: Email,
    password_digest: String,
    #[serde(default, skip_serializing_if = "IssuerProof::is_empty")]
    issuer_proof: IssuerProof,
    ends_at: Timestamp,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    expires_at: i64,
}

impl ChallengeRecord {
    /// Converts to the challenge with this id.
    pub(super) fn into_challenge(self, id: Uuid) -> SignInChallenge {
        SignInChallenge {
            id,
            digest: self.digest,
            user_id: self.user_id,
            email: self.email,
            password_digest: self.password_digest,
            expires_at: self.ends_at,
            issuer_proof: self.issuer_proof,
        }
    }
}

impl From<&SignInChallenge> for ChallengeRecord {
    fn from(challenge: &SignInChallenge) -> Self {
        let SignInChallenge {
            id: _,
            digest,
            user_id,
            email,
            password_digest,
            expires_at,
            issuer_proof,
        } = challenge;
        Self {
            digest: digest.clone(),
            user_id: *user_id,
            email: email.clone(),
            password_digest: password_digest.clone(),
            issuer_proof: *issuer_proof,
            ends_at: *expires_at,
            expires_at: expires_at.as_seconds(),
        }
    }
}

/// The attributes of an enrolment that is not confirmed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EnrolmentRecord {
    sealed: String,
    ends_at: Timestamp,
    /// Seconds since the Unix epoch, for the TTL of DynamoDB.
    expires_at: i64,
}

impl EnrolmentRecord {
    /// Converts to the enrolment of this user.
    pub(super) fn into_enrolment(self, user_id: UserId) -> FactorEnrolment {
        FactorEnrolment {
            user_id,
            sealed: self.sealed,
            expires_at: self.ends_at,
        }
    }
}

impl From<&FactorEnrolment> for EnrolmentRecord {
    fn from(enrolment: &FactorEnrolment) -> Self {
        let FactorEnrolment {
            user_id: _,
            sealed,
            expires_at,
        } = enrolment;
        Self {
            sealed: sealed.clone(),
            ends_at: *expires_at,
            expires_at: expires_at.as_seconds(),
        }
    }
}
