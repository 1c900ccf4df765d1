//! The caller of a use case.

use super::{Grant, Permission, Role};
use crate::{
    audit_action::AuditAction,
    clock::Ids,
    error::{Error, Result},
    values::{Timestamp, UserId},
    writes::{IdempotencyRequest, WriteContext},
};

/// An authenticated caller and their request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user_id: UserId,
    /// Current role, read from the store and not from the token.
    pub role: Role,
    /// Credential, which may restrict the permissions of the role.
    pub grant: Grant,
    /// The request.
    pub request: RequestContext,
}

/// Metadata of a request.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    /// Request id in logs and in the audit trail.
    pub request_id: String,
    /// The request's idempotency key, if it has one.
    pub idempotency: Option<IdempotencyRequest>,
}

impl Caller {
    /// Permissions of the caller: those of the role that the grant covers.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let held = self.role.permissions();
        held.filter(|permission| self.grant.covers(*permission))
    }

    /// Fails with [`Error::Forbidden`] unless the caller has the permission.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Error::Forbidden(permission))
        }
    }

    /// Fails unless the caller has the permission `any`, or is the owner and has the permission `own`.
    pub fn require_for(&self, owner: UserId, own: Permission, any: Permission) -> Result<()> {
        if owner == self.user_id && self.may(own) {
            Ok(())
        } else {
            self.require(any)
        }
    }

    /// Whether the caller has the permission.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().any(|held| held == permission)
    }

    /// Builds the context of a write by this caller.
    pub(crate) fn context(
        &self,
        action: AuditAction,
        ids: &dyn Ids,
        at: Timestamp,
    ) -> WriteContext {
        WriteContext {
            id: ids.next(),
            actor: Some(self.user_id),
            key: self.grant.key(),
            action,
            at,
            request_id: self.request.request_id.clone(),
            idempotency: self.request.idempotency.clone(),
            step: None,
        }
    }
}
