use super::Users;
use crate::{
    access::{Authority, Permission},
    audit_action::AuditAction,
    error::Result,
    values::UserId,
};

impl Users {
    /// Removes the second factor of a user, such as a lost one, and ends the user's sessions.
    ///
    /// # Errors
    /// [`Forbidden`](crate::Error::Forbidden), [`SignInTooOld`](crate::Error::SignInTooOld), and
    /// [`NotFound`](crate::Error::NotFound) also without a factor.
    pub async fn remove_factor(&self, authority: Authority<'_>, id: UserId) -> Result<()> {
        authority.require(Permission::ManageUsers)?;
        let now = self.accounts.clock.now();
        authority.require_recent(now)?;
        let user = self.require(id).await?;
        let at = now.not_before(user.tokens_valid_from);
        let ids = self.accounts.ids.as_ref();
        let context = authority.context(AuditAction::RemoveSecondFactor, ids, at);
        self.accounts.remove_factor(&context, &user, Some(at)).await
    }
}
