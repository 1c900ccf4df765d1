//! Enrolment of a second factor, confirmed by a first code.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{AuthenticatorCode, FactorConfirmation, RecoveryCode, TotpSecret};
use crate::{
    access::Caller,
    accounts::{Accounts, Credentials, Guess, GuessTarget, User, verification::Claimed},
    audit_action::AuditAction,
    error::{Error, Resource, Result, SignInFault},
    values::{ClientNetwork, Password, Timestamp, UserId},
    writes::WriteOutcome,
};

/// Time in which a first code must confirm an enrolment.
const LIFETIME: Duration = Duration::from_mins(15);

/// A second factor, as stored with the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledFactor {
    /// The encrypted secret of the authenticator.
    pub sealed: String,
    /// The step of the last accepted code. Codes of this step and earlier ones are not accepted.
    pub last_step: u64,
    /// Digests of the unused recovery codes.
    pub recovery_codes: Vec<String>,
}

/// An enrolment that is not confirmed. A user has at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorEnrolment {
    /// The user.
    pub user_id: UserId,
    /// The encrypted secret.
    pub sealed: String,
    /// Time of expiry.
    pub expires_at: Timestamp,
}

/// The secret of a new factor, which is shown once.
pub struct NewFactor {
    /// The secret in base32.
    pub secret: String,
    /// The URI for a QR code.
    pub uri: String,
    /// Time until which a first code must confirm the factor.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for NewFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewFactor(…)")
    }
}

/// The second factor of a user, without secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorStatus {
    /// Time of the enrolment; `None` without a factor.
    pub since: Option<Timestamp>,
    /// Number of unused recovery codes.
    pub recovery_codes: usize,
    /// Whether the role requires a factor.
    pub is_required: bool,
}

impl Accounts {
    /// Returns the caller's second factor.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key.
    pub async fn second_factor(&self, caller: &Caller) -> Result<FactorStatus> {
        let (user, known) = self.own_credentials(caller).await?;
        let factor = known.factor;
        Ok(FactorStatus {
            since: user.second_factor_since.filter(|_| factor.is_some()),
            recovery_codes: factor.map_or(0, |factor| factor.recovery_codes.len()),
            is_required: self.factor_policy.required.contains(&user.role),
        })
    }

    /// Begins the enrolment of a second factor and returns its secret. Replaces an enrolment that is not
    /// confirmed.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::Unauthenticated`] if the password is wrong,
    /// [`Error::TooManyAttempts`], [`Error::SecondFactorEnrolled`] and [`Error::SecretKeyMissing`].
    pub async fn begin_enrolment(&self, caller: &Caller, password: &Password) -> Result<NewFactor> {
        caller.require_session()?;
        let user = self.me(caller).await?;
        let claimed = Claimed {
            target: GuessTarget::SignIn,
            email: &user.email,
            password,
        };
        let known = self.verify(&caller.request, &claimed).await?;
        if known.factor.is_some() {
            return Err(Error::SecondFactorEnrolled);
        }
        let secret = TotpSecret::new(self.entropy.secret());
        let now = self.clock.now();
        let enrolment = FactorEnrolment {
            user_id: user.id,
            sealed: self.sealer.seal(user.id, secret.as_bytes())?,
            expires_at: now.after(LIFETIME),
        };
        let context = caller.context(AuditAction::BeginEnrolment, self.ids.as_ref(), now);
        self.factors.put_enrolment(&context, &enrolment).await?;
        Ok(NewFactor {
            secret: secret.base32(),
            uri: secret.uri(&self.factor_policy.label, &user.email),
            expires_at: enrolment.expires_at,
        })
    }

    /// Enrols the factor with a first code and returns its recovery codes.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::NotFound`] if there is no enrolment,
    /// [`Error::Unauthenticated`] if the code is wrong, [`Error::TooManyAttempts`] and
    /// [`Error::SecondFactorEnrolled`].
    pub async fn confirm_enrolment(
        &self,
        caller: &Caller,
        code: &AuthenticatorCode,
    ) -> Result<Vec<RecoveryCode>> {
        let (user, known) = self.own_credentials(caller).await?;
        if known.factor.is_some() {
            return Err(Error::SecondFactorEnrolled);
        }
        let now = self.clock.now();
        let enrolment = self.factors.find_enrolment(user.id).await?;
        let enrolment = enrolment
            .filter(|enrolment| now < enrolment.expires_at)
            .ok_or(Error::NotFound(Resource::SecondFactor))?;
        let guess = Guess::new(GuessTarget::Code, &user.email, ClientNetwork::default());
        self.admit(&guess, now).await?;
        let secret = self.open_secret(user.id, &enrolment.sealed)?;
        let step = secret.step_of(code, now);
        let step = step.ok_or(Error::Unauthenticated(SignInFault::Code))?;
        self.forget(&guess).await?;
        let codes = self.new_codes();
        let confirmation = FactorConfirmation {
            email: &user.email,
            user_id: user.id,
            sealed: &enrolment.sealed,
            step,
            recovery_digests: &digests(&codes),
            at: now,
        };
        let context = caller.context(AuditAction::EnrolSecondFactor, self.ids.as_ref(), now);
        let confirmed = self.factors.confirm_enrolment(&context, &confirmation);
        match confirmed.await? {
            WriteOutcome::Applied => Ok(codes),
            WriteOutcome::Conflict => Err(Error::SecondFactorEnrolled),
        }
    }

    /// Replaces the caller's recovery codes.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::SignInTooOld`], and [`Error::NotFound`] without a
    /// factor.
    pub async fn renew_recovery_codes(&self, caller: &Caller) -> Result<Vec<RecoveryCode>> {
        caller.require_session()?;
        let now = self.clock.now();
        caller.require_recent(now)?;
        let email = self.me(caller).await?.email;
        let codes = self.new_codes();
        let context = caller.context(AuditAction::RenewRecoveryCodes, self.ids.as_ref(), now);
        let digests = digests(&codes);
        let (user, replace) = (caller.user_id, &self.factors);
        let replaced = replace.replace_recovery_codes(&context, &email, user, &digests);
        match replaced.await? {
            WriteOutcome::Applied => Ok(codes),
            WriteOutcome::Conflict => Err(Error::NotFound(Resource::SecondFactor)),
        }
    }

    /// The caller's account with its current credentials.
    async fn own_credentials(&self, caller: &Caller) -> Result<(User, Credentials)> {
        caller.require_session()?;
        let user = self.me(caller).await?;
        let known = self.store.find_credentials(&user.email).await?;
        let known = known.filter(|known| known.user_id == user.id);
        let known = known.ok_or(Error::NotFound(Resource::User))?;
        Ok((user, known))
    }

    fn new_codes(&self) -> Vec<RecoveryCode> {
        let new = |_| RecoveryCode::new(self.entropy.secret());
        (0..RecoveryCode::COUNT).map(new).collect()
    }
}

fn digests(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(RecoveryCode::digest).collect()
}
