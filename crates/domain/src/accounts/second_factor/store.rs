use async_trait::async_trait;
use uuid::Uuid;

use super::{FactorEnrolment, SignInChallenge};
use crate::{
    accounts::PasswordProof,
    error::Result,
    values::{Email, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// Stores second factors. Each write is atomic, including its audit record. All methods have the errors of
/// [`AccountStore`](crate::accounts::AccountStore).
#[async_trait]
pub trait FactorStore: Send + Sync {
    /// Inserts a challenge if the password is still the verified one, and replaces the hash if a renewed one is
    /// given. Returns `false` if the password was changed.
    async fn insert_challenge(
        &self,
        context: &WriteContext,
        challenge: &SignInChallenge,
        proof: &PasswordProof<'_>,
    ) -> Result<bool>;

    /// Reads a challenge consistently. It may have expired.
    async fn find_challenge(&self, id: Uuid) -> Result<Option<SignInChallenge>>;

    /// Stores an enrolment that is not confirmed, in place of an earlier one.
    async fn put_enrolment(
        &self,
        context: &WriteContext,
        enrolment: &FactorEnrolment,
    ) -> Result<()>;

    /// Reads the enrolment of a user consistently. It may have expired.
    async fn find_enrolment(&self, user: UserId) -> Result<Option<FactorEnrolment>>;

    /// Enrols a factor. Fails with a conflict if the enrolment was replaced or confirmed, or the user has a
    /// factor or is not active.
    async fn confirm_enrolment(
        &self,
        context: &WriteContext,
        confirmation: &FactorConfirmation<'_>,
    ) -> Result<WriteOutcome>;

    /// Replaces the recovery codes by those with the digests. Fails with a conflict if there is no factor.
    async fn replace_recovery_codes(
        &self,
        context: &WriteContext,
        email: &Email,
        user: UserId,
        digests: &[String],
    ) -> Result<WriteOutcome>;

    /// Removes a factor. Fails with a conflict if there is none.
    async fn remove_factor(
        &self,
        context: &WriteContext,
        removal: &FactorRemoval<'_>,
    ) -> Result<WriteOutcome>;
}

/// The confirmation of an enrolment.
#[derive(Debug, Clone, Copy)]
pub struct FactorConfirmation<'a> {
    /// E-mail address of the account.
    pub email: &'a Email,
    /// The user.
    pub user_id: UserId,
    /// The encrypted secret of the enrolment.
    pub sealed: &'a str,
    /// The step of the first code, which is not accepted again.
    pub step: u64,
    /// Digests of the recovery codes.
    pub recovery_digests: &'a [String],
    /// Time of the confirmation.
    pub at: Timestamp,
}

/// The removal of a factor.
#[derive(Debug, Clone, Copy)]
pub struct FactorRemoval<'a> {
    /// E-mail address of the account.
    pub email: &'a Email,
    /// The user.
    pub user_id: UserId,
    /// Tokens and sessions from before this time become invalid.
    pub revoked_before: Option<Timestamp>,
}
