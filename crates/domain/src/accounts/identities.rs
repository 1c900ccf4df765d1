//! Users of foreign issuers: which user a verified token belongs to.

use async_trait::async_trait;

use super::{Accounts, User};
use crate::{
    access::{Authority, Caller, Grant, Permission, RequestContext, Role},
    audit_action::AuditAction,
    error::{Error, IdentityRefusal, Resource, Result, SignInFault},
    values::{DisplayName, Email, Timestamp, UserId, UserStatus, Version},
    writes::{WriteContext, WriteOutcome},
};

/// A person at a foreign issuer. The subject is unique and permanent there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The issuer, its claim `iss`.
    pub issuer: String,
    /// The person, the claim `sub`.
    pub subject: String,
}

/// The verified content of a token of a foreign issuer.
#[derive(Debug, Clone)]
pub struct ForeignToken {
    /// The person.
    pub identity: Identity,
    /// The e-mail address, if the issuer has verified it.
    pub email: Option<Email>,
    /// The name of the person.
    pub name: Option<DisplayName>,
    /// Issue time in seconds since the Unix epoch.
    pub issued_at: i64,
    /// The role that the issuer gives, if the policy reads it from the token.
    pub role: Option<Role>,
    /// When the person signed in with two factors, if the token says so.
    pub two_factors_at: Option<Timestamp>,
    /// What happens if the identity has no user yet.
    pub admission: IdentityRule,
}

/// What happens with an identity that is not linked to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityRule {
    /// It is rejected.
    Linked,
    /// It is linked to the user with its verified e-mail address.
    VerifiedEmail,
    /// As `VerifiedEmail`; if there is no such user, one is created with this role, or with that of the token.
    Create(Role),
}

/// The user of an identity. An identity has one user, and a user has one identity of each issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityLink {
    /// The identity.
    pub identity: Identity,
    /// The user.
    pub user_id: UserId,
}

/// Stores which user an identity belongs to. Each write is atomic, including its audit record. All methods
/// have the errors of [`AccountStore`](super::AccountStore).
#[async_trait]
pub trait IdentityStore: Send + Sync {
    /// Reads the user of an identity; the result may be up to five seconds old, unless there is none.
    async fn find_linked(&self, identity: &Identity) -> Result<Option<UserId>>;

    /// Reads the user with an e-mail address consistently, also one without a password.
    async fn find_holder(&self, email: &Email) -> Result<Option<User>>;

    /// Links an identity to an active user. A conflict means that the identity has a user, the user has an
    /// identity of this issuer, or is not active.
    async fn link(&self, context: &WriteContext, link: &IdentityLink) -> Result<WriteOutcome>;

    /// Inserts a user without a password and links the identity. A conflict means that the identity has a
    /// user or the e-mail address is taken.
    async fn insert_linked(
        &self,
        context: &WriteContext,
        user: &User,
        link: &IdentityLink,
    ) -> Result<WriteOutcome>;

    /// Removes the link between a user and the identity of an issuer. Returns whether there was one.
    async fn unlink(&self, context: &WriteContext, user: UserId, issuer: &str) -> Result<bool>;
}

impl Accounts {
    /// Returns the caller of a verified token of a foreign issuer. Its role is that of the token, if the
    /// policy reads one, and else that of the user.
    ///
    /// # Errors
    /// [`Error::NotAdmitted`] if the identity has no user, [`Error::Unauthenticated`] if the user is not
    /// active or the token was revoked.
    pub async fn authenticate_foreign(
        &self,
        token: &ForeignToken,
        request: RequestContext,
    ) -> Result<Caller> {
        let user_id = self.user_of(token, &request).await?;
        let user = self.store.find_user(user_id).await?;
        let user = user
            .filter(|user| {
                user.is_active() && token.issued_at >= user.tokens_valid_from.as_seconds()
            })
            .ok_or(Error::Unauthenticated(SignInFault::Revoked))?;
        let role = token.role.unwrap_or(user.role);
        let policy = &self.factor_policy;
        Ok(Caller {
            user_id: user.id,
            role,
            grant: Grant::Foreign,
            assurance: policy.of_issuer(&user, role, token.two_factors_at),
            request,
        })
    }

    /// Returns the user of an identity. Admits it by the policy of the issuer if it has none.
    pub(super) async fn user_of(
        &self,
        token: &ForeignToken,
        request: &RequestContext,
    ) -> Result<UserId> {
        match self.identities.find_linked(&token.identity).await? {
            Some(user_id) => Ok(user_id),
            None => self.admit_identity(token, request).await,
        }
    }

    /// Links an identity to the user with an e-mail address.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::IdentityTaken`] if the identity has a user or the
    /// user has another identity of the issuer, [`Error::UserStatus`] if the user is not active.
    pub async fn link_identity(
        &self,
        authority: Authority<'_>,
        email: &Email,
        identity: Identity,
    ) -> Result<()> {
        authority.require(Permission::ManageUsers)?;
        let user = self.holder(email).await?;
        if !user.is_active() {
            return Err(Error::UserStatus(user.status));
        }
        let context = authority.context(
            AuditAction::LinkIdentity,
            self.ids.as_ref(),
            self.clock.now(),
        );
        let link = IdentityLink {
            identity,
            user_id: user.id,
        };
        match self.identities.link(&context, &link).await? {
            WriteOutcome::Applied => Ok(()),
            // A repetition of the same link changes nothing.
            WriteOutcome::Conflict => {
                let linked = self.identities.find_linked(&link.identity).await?;
                let is_same = linked == Some(user.id);
                is_same.then_some(()).ok_or(Error::IdentityTaken)
            }
        }
    }

    /// Removes the link between a user and the identity of an issuer.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`] if there is no such user or link.
    pub async fn unlink_identity(
        &self,
        authority: Authority<'_>,
        email: &Email,
        issuer: &str,
    ) -> Result<()> {
        authority.require(Permission::ManageUsers)?;
        let user = self.holder(email).await?;
        let context = authority.context(
            AuditAction::UnlinkIdentity,
            self.ids.as_ref(),
            self.clock.now(),
        );
        let unlinked = self.identities.unlink(&context, user.id, issuer).await?;
        unlinked
            .then_some(())
            .ok_or(Error::NotFound(Resource::Identity))
    }

    async fn holder(&self, email: &Email) -> Result<User> {
        let holder = self.identities.find_holder(email).await?;
        holder.ok_or(Error::NotFound(Resource::User))
    }

    /// Finds or creates the user of an identity without one, by the policy of the issuer.
    async fn admit_identity(
        &self,
        token: &ForeignToken,
        request: &RequestContext,
    ) -> Result<UserId> {
        let refused = || Error::NotAdmitted(IdentityRefusal::Unknown);
        let email = token.email.as_ref();
        let email = email
            .filter(|_| token.admission != IdentityRule::Linked)
            .ok_or_else(refused)?;
        let now = self.clock.now();
        let holder = self.identities.find_holder(email).await?;
        let (user_id, outcome) = match (holder, token.admission) {
            (Some(user), _) if !user.is_active() => {
                return Err(Error::Unauthenticated(SignInFault::Revoked));
            }
            (Some(user), _) => {
                let action = AuditAction::LinkIdentity;
                let context = self.context(request, Some(user.id), action, now);
                let link = token.link(user.id);
                (user.id, self.identities.link(&context, &link).await?)
            }
            (None, IdentityRule::Create(role)) => {
                let user = token.new_user(UserId::new(self.ids.next()), email, role, now)?;
                let context = self.context(request, None, AuditAction::CreateUser, now);
                let link = token.link(user.id);
                let stored = self.identities.insert_linked(&context, &user, &link);
                (user.id, stored.await?)
            }
            (None, IdentityRule::Linked | IdentityRule::VerifiedEmail) => return Err(refused()),
        };
        match outcome {
            WriteOutcome::Applied => Ok(user_id),
            // Another request was first, or the user has another identity of this issuer.
            WriteOutcome::Conflict => {
                let linked = self.identities.find_linked(&token.identity).await?;
                linked.ok_or_else(refused)
            }
        }
    }
}

impl ForeignToken {
    fn link(&self, user_id: UserId) -> IdentityLink {
        IdentityLink {
            identity: self.identity.clone(),
            user_id,
        }
    }

    /// The user that this token creates. The token and those of the same second are valid.
    fn new_user(&self, id: UserId, email: &Email, role: Role, now: Timestamp) -> Result<User> {
        let display_name = match &self.name {
            Some(name) => name.clone(),
            None => email
                .local_part()
                .parse()
                .map_err(|_| Error::NotAdmitted(IdentityRefusal::Unknown))?,
        };
        let issued_at = Timestamp::from_millis(self.issued_at.saturating_mul(1000));
        Ok(User {
            id,
            email: email.clone(),
            display_name,
            language: None,
            bio: None,
            role: self.role.unwrap_or(role),
            status: UserStatus::Active,
            created_at: now,
            updated_at: None,
            version: Version::FIRST,
            tokens_valid_from: issued_at.min(now),
            second_factor_since: None,
        })
    }
}
