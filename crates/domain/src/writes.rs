//! Context and outcome of a write, common to all resources.

use uuid::Uuid;

use crate::{
    audit_action::AuditAction,
    lease::Lease,
    values::{ApiKeyId, Timestamp, UserId},
};

/// Actor, action, time and request of a write. The store records them in the transaction of the
/// write.
#[derive(Debug, Clone)]
pub struct WriteContext {
    /// Identifies the write: a UUID version 7, also sent as the transaction's client request token.
    pub id: Uuid,
    /// The acting user. Absent before authentication has finished and for writes from the command
    /// line or a background task.
    pub actor: Option<UserId>,
    /// The API key that authenticates the write, or that the write changes.
    pub key: Option<ApiKeyId>,
    /// The action that the audit trail records.
    pub action: AuditAction,
    /// Time of the write.
    pub at: Timestamp,
    /// Identifier of the HTTP request.
    pub request_id: String,
    /// The request's idempotency key, if it has one.
    pub idempotency: Option<IdempotencyRequest>,
    /// Lease of the operation that processes this write as one item. The transaction counts the item as
    /// done and fails with [`Error::LeaseLost`](crate::Error::LeaseLost) if another runner has
    /// taken over.
    pub step: Option<Lease>,
}

/// A client's `Idempotency-Key`, bound to the user and to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRequest {
    /// The key, 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 over method, path, query, `If-Match` and body, or over one item of a batch, in
    /// lower-case hexadecimal.
    pub request_digest: String,
}

/// Result of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum WriteOutcome {
    /// The write was applied.
    Applied,
    /// The state that the write is based on has changed. Nothing was written.
    Conflict,
}

impl WriteOutcome {
    /// `value` if the write was applied, for [`retry_on_conflict`](crate::retry::retry_on_conflict).
    pub(crate) fn applied<T>(self, value: T) -> Option<T> {
        match self {
            Self::Applied => Some(value),
            Self::Conflict => None,
        }
    }
}
