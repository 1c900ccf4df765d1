//! Sign-in of a browser through a foreign issuer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Accounts, Browsing, CookieSession, ForeignToken, SecretToken, Session, SignInStep, User,
    sessions::Proven,
};
use crate::{
    access::{RequestContext, Role},
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::Timestamp,
};

/// Role and factors by the issuer of a sign-in. They count for the session that the sign-in starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IssuerProof {
    /// The role, if the policy of the issuer reads it from the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// When the person signed in with two factors, if the token says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_factors_at: Option<Timestamp>,
}

impl IssuerProof {
    /// Longest session with a role of the issuer, which may withdraw the role meanwhile.
    pub const ROLE_LIFETIME: Duration = Duration::from_hours(12);

    /// Whether a sign-in was one with a password only.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Session {
    /// Adds the proof of the issuer, which may end the session earlier.
    pub(super) fn proven_by(mut self, proof: IssuerProof) -> Self {
        self.issuer_proof = proof;
        if proof.role.is_some() {
            let end = self.created_at.after(IssuerProof::ROLE_LIFETIME);
            self.ends_at = self.ends_at.min(end);
            self.expires_at = self.expires_at.min(end);
        }
        self
    }
}

impl Accounts {
    /// Starts a session with a cookie for the user of a verified ID token. A code is required if the user has a second
    /// factor here, and the token proves none.
    ///
    /// # Errors
    /// [`Error::NotAdmitted`] if the identity has no user, [`Error::Unauthenticated`] if the user is not active,
    /// [`Error::Contended`] if the user or the link changed meanwhile.
    pub async fn sign_in_with_issuer(
        &self,
        request: &RequestContext,
        token: &ForeignToken,
    ) -> Result<SignInStep<CookieSession>> {
        let user_id = self.user_of(token, request).await?;
        let user = self.store.find_user(user_id).await?;
        let user = user
            .filter(User::is_active)
            .ok_or(Error::Unauthenticated(SignInFault::Revoked))?;
        // Sessions may have been ended by a server whose clock is ahead.
        let at = self.clock.now().not_before(user.tokens_valid_from);
        let issuer_proof = IssuerProof {
            role: token.role,
            two_factors_at: token.two_factors_at,
        };
        if user.second_factor_since.is_some() && token.two_factors_at.is_none() {
            let known = self.store.find_credentials(&user.email).await?;
            let proven = Proven {
                known: known.ok_or(Error::Contended)?,
                renewed: None,
                at,
                issuer_proof,
            };
            let pending = self.challenge(request, &user.email, &proven).await?;
            return Ok(SignInStep::CodeRequired(pending));
        }
        let cookie = SecretToken::<Browsing>::new(self.ids.next(), self.entropy.secret());
        let session = self.new_session(request, &cookie, user_id, at);
        let session = session.proven_by(issuer_proof);
        let action = AuditAction::SignInWithIssuer;
        let context = self.context(request, Some(user_id), action, at);
        let opened = self
            .sessions
            .open_linked(&context, &session, &token.identity);
        if !opened.await? {
            return Err(Error::Contended);
        }
        Ok(SignInStep::Done(self.cookie(cookie)))
    }
}
