//! Setting a new password without the old one, by a token that is sent by mail.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::{Accounts, Guess, GuessTarget, Mail, PasswordHash, ResetToken, User};
use crate::{
    access::RequestContext,
    audit_action::AuditAction,
    error::{Error, FieldErrors, Result, SignInFault},
    values::{Email, Password, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// A requested reset of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordReset {
    /// Id of the token.
    pub id: Uuid,
    /// [`ResetToken::digest`].
    pub digest: String,
    /// The account. `None` if the address of the request has none: the reset was stored only so that both
    /// requests do the same work, and nobody has its token.
    pub account: Option<ResetAccount>,
    /// Time of expiry.
    pub expires_at: Timestamp,
}

/// The account of a reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetAccount {
    /// The user.
    pub user_id: UserId,
    /// The e-mail address of the account.
    pub email: Email,
}

/// Stores requested resets. Each write is atomic, including its audit record.
#[async_trait]
pub trait ResetStore: Send + Sync {
    /// Inserts a reset.
    async fn insert_reset(&self, context: &WriteContext, reset: &PasswordReset) -> Result<()>;

    /// Reads the user with an e-mail address consistently, also one without a password. Sends the same requests if there
    /// is none.
    async fn find_holder_evenly(&self, email: &Email) -> Result<Option<User>>;

    /// Reads a reset consistently. It may have expired.
    async fn find_reset(&self, id: Uuid) -> Result<Option<PasswordReset>>;

    /// Sets the password of the account, removes the reset, and revokes all tokens issued before the time of
    /// the write. Fails with a conflict if the reset was used or the account was removed.
    async fn apply_reset(
        &self,
        context: &WriteContext,
        id: Uuid,
        account: &ResetAccount,
        hash: &PasswordHash,
    ) -> Result<WriteOutcome>;
}

/// Time for which a token is valid.
const LIFETIME: Duration = Duration::from_mins(30);

impl Accounts {
    /// Sends a reset token to the address, if it is that of an account. The caller does not learn whether it
    /// is: both cases do the same work.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] after many requests from one network.
    pub async fn request_password_reset(
        &self,
        request: &RequestContext,
        email: &Email,
    ) -> Result<()> {
        let guess = Guess::new(GuessTarget::Mail, email, request.sender.network());
        let now = self.clock.now();
        let earlier = self.admit(&guess, now).await?;
        // Nothing proves that the sender owns the address, so every request counts as a failure.
        self.guesses.count_failure(&guess, &earlier, now).await?;
        // Also a user whom an issuer has created, who has no password yet.
        let user = self.resets.find_holder_evenly(email).await?;
        let user = user.filter(User::is_active);
        let token = ResetToken::new(self.ids.next(), self.entropy.secret());
        let reset = PasswordReset {
            id: token.id(),
            digest: token.digest(),
            account: user.as_ref().map(|user| ResetAccount {
                user_id: user.id,
                email: email.clone(),
            }),
            expires_at: now.after(LIFETIME),
        };
        let context = self.context(request, None, AuditAction::RequestPasswordReset, now);
        self.resets.insert_reset(&context, &reset).await?;
        if let Some(user) = user {
            self.mailer.send(Mail::PasswordReset {
                to: user.email,
                language: user.language,
                token,
                valid_for: LIFETIME,
            });
        }
        Ok(())
    }

    /// Sets a new password with a reset token and ends every session of the account.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the token is unknown, used or expired; [`Error::Invalid`] if the
    /// password contains the e-mail address.
    pub async fn complete_password_reset(
        &self,
        request: &RequestContext,
        token: &ResetToken,
        password: &Password,
    ) -> Result<()> {
        let refused = || Error::Unauthenticated(SignInFault::ResetToken);
        let now = self.clock.now();
        let reset = self.resets.find_reset(token.id()).await?;
        let account = reset
            .filter(|reset| token.has_digest(&reset.digest) && now < reset.expires_at)
            .and_then(|reset| reset.account)
            .ok_or_else(refused)?;
        require_apart(password, &account.email, "/password")?;
        let turn = super::HashTurn::proven(&request.sender);
        let hash = self.passwords.hash(password, turn).await?;
        let now = self.clock.now();
        let action = AuditAction::ResetPassword;
        let context = self.context(request, Some(account.user_id), action, now);
        let applied = self
            .resets
            .apply_reset(&context, token.id(), &account, &hash)
            .await?;
        match applied {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(refused()),
        }
    }
}

/// Fails if the password in the member at `pointer` contains the e-mail address.
pub(super) fn require_apart(password: &Password, email: &Email, pointer: &str) -> Result<()> {
    let mut errors = FieldErrors::default();
    if let Err(error) = password.require_without(email) {
        errors.push(pointer, error);
    }
    errors.into_result()
}
