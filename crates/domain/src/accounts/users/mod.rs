//! Users: who may sign in, and with which role.

mod actions;
mod deletion;
mod factor_removal;
mod invitation;
mod reassignment_worker;
mod store;

use std::{collections::BTreeSet, sync::Arc};

pub use actions::UserAction;
pub use deletion::UserDeletion;
pub use invitation::{Acceptance, Invitation, InvitationToken, InvitedUser, NewInvitation};
pub use reassignment_worker::ReassignmentWorker;
pub use store::{UserAcceptance, UserStore, UserUpdate};

use super::{Accounts, User};
use crate::{
    access::{Authority, Caller, Permission, Role},
    audit_action::AuditAction,
    error::{Error, Resource, Result},
    operations::Operations,
    page::{Page, PageRequest},
    posts::Set,
    retry::retry_on_conflict,
    values::{Bio, DisplayName, Email, Locale, Timestamp, UserId, UserStatus, Version},
};

/// Use cases of users.
#[derive(Clone)]
pub struct Users {
    accounts: Accounts,
    store: Arc<dyn UserStore>,
    operations: Operations,
}

/// Filters of a list of users. A user must match all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// Only users with this role.
    pub role: Option<Role>,
    /// Only users with this status.
    pub status: Option<UserStatus>,
}

/// The name of a user, for those who may not read the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    /// The user.
    pub id: UserId,
    /// Display name.
    pub display_name: DisplayName,
}

/// A change of a user's own profile. An inner `None` clears the member.
#[derive(Debug, Clone, Default)]
pub struct ProfilePatch {
    /// New display name.
    pub display_name: Set<DisplayName>,
    /// New language.
    pub language: Set<Option<Locale>>,
    /// New biography.
    pub bio: Set<Option<Bio>>,
}

/// A change of a user by an administrator.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// Change of the profile.
    pub profile: ProfilePatch,
    /// New role.
    pub role: Set<Role>,
}

impl Users {
    /// Creates the use cases over a store, for users of `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts, store: Arc<dyn UserStore>, operations: Operations) -> Self {
        Self {
            accounts,
            store,
            operations,
        }
    }

    /// Lists users, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list(
        &self,
        authority: Authority<'_>,
        query: &UserQuery,
        page: &PageRequest,
    ) -> Result<Page<User>> {
        authority.require(Permission::ReadUsers)?;
        self.store
            .list(query, self.accounts.clock.now(), page)
            .await
    }

    /// Returns a user. Every caller may read their own account.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get(&self, authority: Authority<'_>, id: UserId) -> Result<User> {
        if authority.user_id() != Some(id) {
            authority.require(Permission::ReadUsers)?;
        }
        self.require(id).await
    }

    /// Returns the user with an e-mail address, for the operator.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_by_email(&self, email: &Email) -> Result<User> {
        let found = self.store.find_by_email(email).await?;
        found.ok_or(Error::NotFound(Resource::User))
    }

    /// Returns the names of the existing users among `ids`, in the order of their ids. Eventually
    /// consistent.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn names(&self, caller: &Caller, ids: &BTreeSet<UserId>) -> Result<Vec<UserName>> {
        caller.require(Permission::ReadPosts)?;
        let mut found = self.store.find_many(ids).await?;
        found.sort_unstable_by_key(|user| user.id);
        let name = |user: User| UserName {
            id: user.id,
            display_name: user.display_name,
        };
        Ok(found.into_iter().map(name).collect())
    }

    /// Changes the profile of the caller.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn update_own(&self, caller: &Caller, patch: ProfilePatch) -> Result<User> {
        caller.require(Permission::EditProfile)?;
        let change = (AuditAction::UpdateUser, caller.user_id, None);
        self.change(Authority::Caller(caller), change, |user| {
            Ok(patch.clone().apply(user))
        })
        .await
    }

    /// Changes the profile or the role of a user at version `base`, or at any version.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Outdated`],
    /// [`Error::LastAdministrator`], [`Error::UserStatus`] if the user is being deleted.
    pub async fn update(
        &self,
        authority: Authority<'_>,
        id: UserId,
        base: Option<Version>,
        patch: UserPatch,
    ) -> Result<User> {
        authority.require(Permission::ManageUsers)?;
        if patch.role.is_some() {
            authority.require_recent(self.accounts.clock.now())?;
        }
        let change = (AuditAction::UpdateUser, id, base);
        self.change(authority, change, |user| {
            let role = patch.role.unwrap_or(user.role);
            let user = patch.profile.clone().apply(user);
            Ok(User { role, ..user })
        })
        .await
    }

    /// Disables a user: sign-in, tokens and API keys are rejected. Disabling twice changes nothing.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::UserStatus`] unless the user is active.
    pub async fn disable(
        &self,
        authority: Authority<'_>,
        id: UserId,
        base: Option<Version>,
    ) -> Result<User> {
        authority.require(Permission::ManageUsers)?;
        let now = self.accounts.clock.now();
        let change = (AuditAction::DisableUser, id, base);
        self.change(authority, change, |user| match user.status {
            UserStatus::Active => Ok(User {
                status: UserStatus::Disabled,
                // Sessions from before stay invalid after the user is enabled again.
                tokens_valid_from: now.not_before(user.tokens_valid_from),
                ..user
            }),
            UserStatus::Disabled => Ok(user),
            status => Err(Error::UserStatus(status)),
        })
        .await
    }

    /// Enables a disabled user. Enabling an active user changes nothing.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::UserStatus`] unless the user is disabled.
    pub async fn enable(
        &self,
        authority: Authority<'_>,
        id: UserId,
        base: Option<Version>,
    ) -> Result<User> {
        authority.require(Permission::ManageUsers)?;
        authority.require_recent(self.accounts.clock.now())?;
        let change = (AuditAction::EnableUser, id, base);
        self.change(authority, change, |user| match user.status {
            UserStatus::Disabled | UserStatus::Active => Ok(User {
                status: UserStatus::Active,
                ..user
            }),
            status => Err(Error::UserStatus(status)),
        })
        .await
    }

    /// Applies `make` to the current state. Writes nothing if it changes nothing.
    async fn change(
        &self,
        authority: Authority<'_>,
        (action, id, base): (AuditAction, UserId, Option<Version>),
        make: impl Fn(User) -> Result<User>,
    ) -> Result<User> {
        retry_on_conflict(|| async {
            let before = self.require(id).await?;
            if let Some(base) = base
                && before.version != base
            {
                return Err(Error::Outdated(before.version));
            }
            if before.status == UserStatus::Deleting {
                return Err(Error::UserStatus(before.status));
            }
            let changed = make(before.clone())?;
            if changed == before {
                return Ok(Some(before));
            }
            let now = self.accounts.clock.now();
            let after = changed.next(now);
            let remaining = self.remaining_administrator(&before, &after).await?;
            let ids = self.accounts.ids.as_ref();
            let context = authority.context(action, ids, now);
            let update = UserUpdate {
                before: &before,
                after: &after,
                remaining: remaining.as_ref(),
            };
            let stored = self.store.update(&context, update, None).await?;
            Ok(stored.applied(after))
        })
        .await
    }

    /// Another active administrator, if the change ends that role of this one.
    ///
    /// # Errors
    /// [`Error::LastAdministrator`] if there is none.
    async fn remaining_administrator(&self, before: &User, after: &User) -> Result<Option<User>> {
        if !before.is_active_administrator() || after.is_active_administrator() {
            return Ok(None);
        }
        let other = self.store.find_other_administrator(before.id).await?;
        other.map(Some).ok_or(Error::LastAdministrator)
    }

    async fn require(&self, id: UserId) -> Result<User> {
        let found = self.store.find(id).await?;
        found.ok_or(Error::NotFound(Resource::User))
    }
}

impl User {
    /// The same user at the next version.
    fn next(&self, now: Timestamp) -> Self {
        Self {
            version: self.version.next(),
            updated_at: Some(now.not_before(self.modified_at())),
            ..self.clone()
        }
    }
}

impl ProfilePatch {
    fn apply(self, user: User) -> User {
        User {
            display_name: self.display_name.unwrap_or(user.display_name),
            language: self.language.unwrap_or(user.language),
            bio: self.bio.unwrap_or(user.bio),
            ..user
        }
    }
}
