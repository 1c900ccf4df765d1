//! Sign-in in two steps: the password, then a code.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{EnrolledFactor, SecondFactorCode, TotpSecret};
use crate::{
    access::RequestContext,
    accounts::{
        Accounts, ChallengeToken, CookieSession, Guess, GuessTarget, IssuerProof, PasswordHash,
        PasswordProof, SecretToken, Session, SessionPurpose, SignedIn, sessions::Proven,
    },
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::{ClientNetwork, Email, Timestamp, UserId},
};

/// Time for which a challenge is valid.
const LIFETIME: Duration = Duration::from_mins(5);

/// The result of a right password.
#[derive(Debug)]
pub enum SignInStep<S> {
    /// The user has no second factor.
    Done(S),
    /// A code must complete the sign-in.
    CodeRequired(PendingSignIn),
}

impl<S> SignInStep<S> {
    /// Returns the result of a complete sign-in.
    #[must_use]
    pub fn done(self) -> Option<S> {
        match self {
            Self::Done(result) => Some(result),
            Self::CodeRequired(_) => None,
        }
    }
}

/// A sign-in that a code must complete.
#[derive(Debug)]
pub struct PendingSignIn {
    /// The token for the second step.
    pub token: ChallengeToken,
    /// Time for which the token is valid.
    pub valid_for: Duration,
}

/// A verified password, stored until a code completes the sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInChallenge {
    /// Id of the token.
    pub id: Uuid,
    /// [`ChallengeToken::digest`].
    pub digest: String,
    /// The user.
    pub user_id: UserId,
    /// E-mail address of the account.
    pub email: Email,
    /// SHA-256 of the hash of the verified password. A new password ends the sign-in.
    pub password_digest: String,
    /// Time of expiry.
    pub expires_at: Timestamp,
    /// Proof of an issuer in place of the password.
    pub issuer_proof: IssuerProof,
}

/// The second factor that the start of a session requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorProof<'a> {
    /// The account has none.
    NotEnrolled,
    /// A code of this step, which must be later than those of all accepted codes.
    Step {
        /// The challenge, which is removed.
        challenge: Uuid,
        /// The encrypted secret.
        sealed: &'a str,
        /// The step.
        step: u64,
    },
    /// The recovery code with this digest, which is removed.
    RecoveryCode {
        /// The challenge, which is removed.
        challenge: Uuid,
        /// The digest.
        digest: &'a str,
        /// The digests of all unused codes, which must not have changed.
        unused: &'a [String],
    },
}

/// A right code.
enum AcceptedCode {
    Step(u64),
    Recovery(String),
}

impl Accounts {
    /// Stores a verified password until a code completes the sign-in.
    pub(in crate::accounts) async fn challenge(
        &self,
        request: &RequestContext,
        email: &Email,
        proven: &Proven,
    ) -> Result<PendingSignIn> {
        let Proven {
            known,
            renewed,
            at,
            issuer_proof,
        } = proven;
        let token = ChallengeToken::new(self.ids.next(), self.entropy.secret());
        let hash = renewed.as_ref().unwrap_or(&known.password_hash);
        let challenge = SignInChallenge {
            id: token.id(),
            digest: token.digest(),
            user_id: known.user_id,
            email: email.clone(),
            password_digest: digest_of(hash),
            expires_at: at.after(LIFETIME),
            issuer_proof: *issuer_proof,
        };
        let context = self.context(request, Some(known.user_id), AuditAction::RequestCode, *at);
        let proof = PasswordProof {
            email,
            verified: &known.password_hash,
            renewed: renewed.as_ref(),
            factor: FactorProof::NotEnrolled,
            issuer: *issuer_proof,
        };
        let stored = self.factors.insert_challenge(&context, &challenge, &proof);
        if !stored.await? {
            return Err(Error::Unauthenticated(SignInFault::Credentials));
        }
        Ok(PendingSignIn {
            token,
            valid_for: LIFETIME,
        })
    }

    /// Completes a sign-in with a code and starts a session.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the token is unknown, used or expired, or the code is wrong or was used, and
    /// [`Error::TooManyAttempts`].
    pub async fn complete_sign_in(
        &self,
        request: &RequestContext,
        token: &ChallengeToken,
        code: &SecondFactorCode,
    ) -> Result<SignedIn> {
        let (refresh_token, session) = self.complete(request, token, code).await?;
        Ok(SignedIn {
            user_id: session.user_id,
            at: session.created_at,
            refresh_token: Some(refresh_token),
        })
    }

    /// Completes a sign-in with a code and starts a session with a cookie.
    ///
    /// # Errors
    /// As [`complete_sign_in`](Self::complete_sign_in).
    pub async fn complete_sign_in_browser(
        &self,
        request: &RequestContext,
        token: &ChallengeToken,
        code: &SecondFactorCode,
    ) -> Result<CookieSession> {
        let (cookie, _) = self.complete(request, token, code).await?;
        Ok(self.cookie(cookie))
    }

    async fn complete<P: SessionPurpose>(
        &self,
        request: &RequestContext,
        token: &ChallengeToken,
        code: &SecondFactorCode,
    ) -> Result<(SecretToken<P>, Session)> {
        let refused = || Error::Unauthenticated(SignInFault::Challenge);
        let now = self.clock.now();
        let challenge = self.factors.find_challenge(token.id()).await?;
        let challenge = challenge
            .filter(|stored| token.has_digest(&stored.digest) && now < stored.expires_at)
            .ok_or_else(refused)?;
        let email = &challenge.email;
        let known = self.store.find_credentials(email).await?;
        let known = known
            .filter(|known| {
                known.user_id == challenge.user_id
                    && digest_of(&known.password_hash) == challenge.password_digest
            })
            .ok_or_else(refused)?;
        let factor = known.factor.as_ref().ok_or_else(refused)?;
        let accepted = self.accept_code(email, known.user_id, factor, code).await?;
        let (challenge, issuer) = (challenge.id, challenge.issuer_proof);
        let (proof, action) = match &accepted {
            AcceptedCode::Step(step) => {
                let (sealed, step) = (factor.sealed.as_str(), *step);
                let proof = FactorProof::Step {
                    challenge,
                    sealed,
                    step,
                };
                (proof, AuditAction::SignIn)
            }
            AcceptedCode::Recovery(digest) => {
                let proof = FactorProof::RecoveryCode {
                    challenge,
                    digest,
                    unused: &factor.recovery_codes,
                };
                (proof, AuditAction::SignInWithRecoveryCode)
            }
        };
        let valid_from = known.tokens_valid_from;
        let at = valid_from.map_or(now, |from| now.not_before(from));
        let context = self.context(request, Some(known.user_id), action, at);
        let proof = PasswordProof {
            email,
            verified: &known.password_hash,
            renewed: None,
            factor: proof,
            issuer,
        };
        let opened = self.open(request, &context, known.user_id, &proof).await?;
        // Another request used the code or the challenge.
        opened.ok_or(Error::Unauthenticated(SignInFault::Code))
    }

    /// Checks a code, slowly for guessers.
    async fn accept_code(
        &self,
        email: &Email,
        user: UserId,
        factor: &EnrolledFactor,
        code: &SecondFactorCode,
    ) -> Result<AcceptedCode> {
        let now = self.clock.now();
        let guess = Guess::new(GuessTarget::Code, email, ClientNetwork::default());
        self.admit(&guess, now).await?;
        let accepted = match code {
            SecondFactorCode::Authenticator(code) => {
                let secret = self.open_secret(user, &factor.sealed)?;
                let step = secret.step_of(code, now);
                let unused = step.filter(|step| *step > factor.last_step);
                unused.map(AcceptedCode::Step)
            }
            SecondFactorCode::Recovery(code) => {
                let digest = code.digest();
                let is_known = factor.recovery_codes.contains(&digest);
                is_known.then_some(AcceptedCode::Recovery(digest))
            }
        };
        let accepted = accepted.ok_or(Error::Unauthenticated(SignInFault::Code))?;
        self.forget(&guess).await?;
        Ok(accepted)
    }

    pub(super) fn open_secret(&self, user: UserId, sealed: &str) -> Result<TotpSecret> {
        let bytes = self.sealer.open(user, sealed)?;
        TotpSecret::from_bytes(&bytes).ok_or(Error::SecretKeyMissing)
    }
}

fn digest_of(hash: &PasswordHash) -> String {
    hex::encode(Sha256::digest(&hash.0))
}
