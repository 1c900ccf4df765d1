use super::{Caller, Permission, RequestContext};
use crate::{
    audit_action::AuditAction,
    clock::Ids,
    error::Result,
    values::{Timestamp, UserId},
    writes::WriteContext,
};

/// Who starts a use case that is available over REST and on the command line.
#[derive(Debug, Clone, Copy)]
pub enum Authority<'a> {
    /// An authenticated caller with the permissions of their role.
    Caller(&'a Caller),
    /// The operator of the installation, who has all permissions.
    Operator(&'a RequestContext),
}

impl Authority<'_> {
    /// Fails with [`Error::Forbidden`](crate::Error::Forbidden) unless the permission is held.
    pub fn require(self, permission: Permission) -> Result<()> {
        match self {
            Self::Caller(caller) => caller.require(permission),
            Self::Operator(_) => Ok(()),
        }
    }

    /// Fails with [`Error::SignInTooOld`](crate::Error::SignInTooOld) as
    /// [`Caller::require_recent`] does.
    pub fn require_recent(self, now: Timestamp) -> Result<()> {
        match self {
            Self::Caller(caller) => caller.require_recent(now),
            Self::Operator(_) => Ok(()),
        }
    }

    /// The user, unless the operator acts.
    #[must_use]
    pub fn user_id(self) -> Option<UserId> {
        match self {
            Self::Caller(caller) => Some(caller.user_id),
            Self::Operator(_) => None,
        }
    }

    /// Builds the context of a write.
    pub(crate) fn context(self, action: AuditAction, ids: &dyn Ids, at: Timestamp) -> WriteContext {
        match self {
            Self::Caller(caller) => caller.context(action, ids, at),
            Self::Operator(request) => WriteContext {
                id: ids.next(),
                actor: None,
                key: None,
                action,
                at,
                request_id: request.request_id.clone(),
                idempotency: None,
                step: None,
            },
        }
    }
}

impl<'a> From<&'a Caller> for Authority<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Caller(caller)
    }
}
