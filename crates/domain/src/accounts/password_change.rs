//! Changing one's own password.

use super::{
    Accounts, GuessTarget, HashTurn, PasswordHash, Refreshing, SecretToken, Session, SignedIn,
    password_reset::require_apart, session_kind::SessionPurpose, verification::Claimed,
};
use crate::{
    access::Caller,
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::{Email, Password},
    writes::WriteOutcome,
};

/// A change of a password that was verified before.
#[derive(Debug, Clone, Copy)]
pub struct PasswordChange<'a> {
    /// E-mail address of the account.
    pub email: &'a Email,
    /// The verified hash. The change fails if the account has another one meanwhile.
    pub verified: &'a PasswordHash,
    /// The encrypted secret of the second factor, which must not have changed either.
    pub factor: Option<&'a str>,
    /// Hash of the new password.
    pub hash: &'a PasswordHash,
    /// The session that replaces all others.
    pub session: &'a Session,
}

impl Accounts {
    /// Sets a new password, ends every session of the caller and starts a new one.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::SignInTooOld`], [`Error::Unauthenticated`] if the
    /// current password is wrong, [`Error::TooManyAttempts`], and [`Error::Invalid`] if the password contains
    /// the e-mail address.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &Password,
        new: &Password,
    ) -> Result<SignedIn> {
        let (token, session) = self.replace::<Refreshing>(caller, current, new).await?;
        Ok(SignedIn {
            user_id: caller.user_id,
            at: session.created_at,
            refresh_token: Some(token),
        })
    }

    /// Sets a new password and returns the session that replaces all others.
    pub(super) async fn replace<P: SessionPurpose>(
        &self,
        caller: &Caller,
        current: &Password,
        new: &Password,
    ) -> Result<(SecretToken<P>, Session)> {
        caller.require_session()?;
        caller.require_recent(self.clock.now())?;
        let email = self.me(caller).await?.email;
        require_apart(new, &email, "/new_password")?;
        let claimed = Claimed {
            target: GuessTarget::SignIn,
            email: &email,
            password: current,
        };
        let known = self.verify(&caller.request, &claimed).await?;
        if known.factor.is_some() {
            caller.require_factor()?;
        }
        let turn = HashTurn::proven(&caller.request.sender);
        let hash = self.passwords.hash(new, turn).await?;
        let now = self.clock.now();
        let now = known
            .tokens_valid_from
            .map_or(now, |from| now.not_before(from));
        let token = SecretToken::<P>::new(self.ids.next(), self.entropy.secret());
        let session = self.new_session(&caller.request, &token, caller.user_id, now);
        let change = PasswordChange {
            email: &email,
            verified: &known.password_hash,
            factor: known.factor.as_ref().map(|factor| factor.sealed.as_str()),
            hash: &hash,
            session: &session,
        };
        let context = caller.context(AuditAction::ChangePassword, self.ids.as_ref(), now);
        match self.sessions.change_password(&context, &change).await? {
            WriteOutcome::Applied => Ok((token, session)),
            // Another request changed the password since it was verified.
            WriteOutcome::Conflict => Err(Error::Unauthenticated(SignInFault::Credentials)),
        }
    }
}
