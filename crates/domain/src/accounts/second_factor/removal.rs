//! Removal of a second factor.

use super::FactorRemoval;
use crate::{
    access::Caller,
    accounts::{Accounts, User},
    audit_action::AuditAction,
    error::{Error, Resource, Result},
    values::Timestamp,
    writes::{WriteContext, WriteOutcome},
};

impl Accounts {
    /// Removes the caller's second factor. The caller's sessions stay.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::SignInTooOld`], and [`Error::NotFound`] without a
    /// factor.
    pub async fn remove_own_factor(&self, caller: &Caller) -> Result<()> {
        caller.require_session()?;
        let now = self.clock.now();
        caller.require_recent(now)?;
        let user = self.me(caller).await?;
        let context = caller.context(AuditAction::RemoveSecondFactor, self.ids.as_ref(), now);
        self.remove_factor(&context, &user, None).await
    }

    pub(in crate::accounts) async fn remove_factor(
        &self,
        context: &WriteContext,
        user: &User,
        revoked_before: Option<Timestamp>,
    ) -> Result<()> {
        let removal = FactorRemoval {
            email: &user.email,
            user_id: user.id,
            revoked_before,
        };
        match self.factors.remove_factor(context, &removal).await? {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(Error::NotFound(Resource::SecondFactor)),
        }
    }
}
