//! Deletion of users. Their posts get another owner, by an operation.

use std::time::Duration;

use super::{UserUpdate, Users};
use crate::{
    access::{Authority, Permission},
    accounts::User,
    audit_action::AuditAction,
    error::{Error, FieldErrors, Result},
    operations::{Operation, Task},
    retry::retry_on_conflict,
    values::{Code, UserId, UserStatus, Version},
};

/// Time between the request and the first step. Until then, servers may accept a token of the user, and
/// the index of posts by owner may lack a post.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// A user to be deleted.
#[derive(Debug, Clone, Copy)]
pub struct UserDeletion {
    /// The user.
    pub id: UserId,
    /// The version that the request is based on, or any.
    pub base: Option<Version>,
    /// The user who gets the posts.
    pub reassign_to: UserId,
}

impl Users {
    /// Deletes a user: ends sign-in at once, releases the e-mail address, and starts the operation that
    /// reassigns the posts and then removes the user. Deleting a user again starts another operation, which
    /// continues after one that failed or was cancelled.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Outdated`],
    /// [`Error::LastAdministrator`], [`Error::Invalid`] if the receiving user is the same, or does not exist or is not active.
    pub async fn delete(
        &self,
        authority: Authority<'_>,
        deletion: UserDeletion,
    ) -> Result<Operation> {
        authority.require(Permission::ManageUsers)?;
        authority.require_recent(self.accounts.clock.now())?;
        let UserDeletion {
            id,
            base,
            reassign_to,
        } = deletion;
        let started = retry_on_conflict(|| async {
            let before = self.require(id).await?;
            if let Some(base) = base
                && before.version != base
            {
                return Err(Error::Outdated(before.version));
            }
            let into = self.receiver(id, reassign_to).await?;
            let now = self.accounts.clock.now();
            let after = User {
                status: UserStatus::Deleting,
                tokens_valid_from: now.not_before(before.tokens_valid_from),
                ..before.next(now)
            };
            let remaining = self.remaining_administrator(&before, &after).await?;
            let task = Task::ReassignPosts {
                from: id,
                into: into.id,
            };
            let creator = authority.user_id().unwrap_or(into.id);
            let begins_at = now.after(GRACE_PERIOD);
            let operation = self.operations.plan_by(creator, task, 0, begins_at);
            let ids = self.accounts.ids.as_ref();
            let context = authority.context(AuditAction::DeleteUser, ids, now);
            let update = UserUpdate {
                before: &before,
                after: &after,
                remaining: remaining.as_ref(),
            };
            let stored = (self.store).begin_deletion(&context, update, &into, &operation);
            Ok(stored.await?.applied(operation))
        });
        let operation = started.await?;
        self.operations.notify();
        Ok(operation)
    }

    /// The user who gets the posts.
    async fn receiver(&self, deleted: UserId, id: UserId) -> Result<User> {
        let invalid = |code, detail: &str| {
            let errors = FieldErrors::one("/reassign_to", code, detail);
            Err(Error::Invalid(errors))
        };
        if id == deleted {
            return invalid(Code::OutOfRange, "must be another user");
        }
        match self.store.find(id).await? {
            Some(user) if user.is_active() => Ok(user),
            _ => invalid(Code::UnknownReference, "must be an active user"),
        }
    }
}
