//! The caller of a use case.

use core::net::IpAddr;

use super::{Assurance, Grant, Permission, Role};
use crate::{
    audit_action::AuditAction,
    clock::Ids,
    error::{Error, Result},
    values::{ClientNetwork, Timestamp, UserId},
    writes::{IdempotencyRequest, WriteContext},
};

/// An authenticated caller and their request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user_id: UserId,
    /// Current role, read from the store. The token of a foreign issuer may give another one.
    pub role: Role,
    /// Credential, which may restrict the permissions of the role.
    pub grant: Grant,
    /// How the caller proved to be the user.
    pub assurance: Assurance,
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
    /// The client that sent the request.
    pub sender: RequestSender,
}

/// The client that sent a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestSender {
    /// Address of the client, if known.
    pub address: Option<IpAddr>,
    /// What the client says about itself: the start of its `User-Agent` header.
    pub agent: Option<String>,
}

impl RequestSender {
    /// Network of the client.
    #[must_use]
    pub fn network(&self) -> ClientNetwork {
        ClientNetwork::of(self.address)
    }
}

impl Caller {
    /// Permissions of the caller: those of the role that the grant covers; none while a second factor is due.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let is_due = self.assurance == Assurance::EnrolmentDue;
        let held = self.role.permissions().filter(move |_| !is_due);
        held.filter(|permission| self.grant.covers(*permission))
    }

    /// Fails with [`Error::Forbidden`] unless the caller has the permission, and with
    /// [`Error::SecondFactorRequired`] while a second factor is due.
    pub fn require(&self, permission: Permission) -> Result<()> {
        self.assurance.require_enrolled()?;
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

    /// Fails with [`Error::SessionRequired`] unless the caller has signed in. API keys and tokens of foreign issuers
    /// may not manage the account of their user.
    pub fn require_session(&self) -> Result<()> {
        match self.grant {
            Grant::Session(_) => Ok(()),
            Grant::Key { .. } | Grant::Foreign => Err(Error::SessionRequired),
        }
    }

    /// Fails with [`Error::SignInTooOld`] if the user has a second factor and did not sign in with it recently.
    /// Required for changes of access.
    pub fn require_recent(&self, now: Timestamp) -> Result<()> {
        self.assurance.require_recent(now)
    }

    /// Fails with [`Error::SignInTooOld`] unless the caller signed in with the second factor.
    pub(crate) fn require_factor(&self) -> Result<()> {
        self.assurance.require_factor()
    }

    /// Fails with the first permission unless the caller has one of both.
    pub fn require_either(&self, permission: Permission, other: Permission) -> Result<()> {
        if self.may(other) {
            Ok(())
        } else {
            self.require(permission)
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
