//! Sign-in of a browser through a foreign issuer.

use super::{
    Accounts, Browsing, CookieSession, ForeignToken, SecretToken, SignInStep, User,
    sessions::Proven,
};
use crate::{
    access::RequestContext,
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
};

impl Accounts {
    /// Starts a session with a cookie for the user of a verified ID token, unless the user has a second factor
    /// here: then a code is required.
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
        if user.second_factor_since.is_some() {
            let known = self.store.find_credentials(&user.email).await?;
            let proven = Proven {
                known: known.ok_or(Error::Contended)?,
                renewed: None,
                at,
            };
            let pending = self.challenge(request, &user.email, &proven).await?;
            return Ok(SignInStep::CodeRequired(pending));
        }
        let cookie = SecretToken::<Browsing>::new(self.ids.next(), self.entropy.secret());
        let session = self.new_session(request, &cookie, user_id, at);
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
