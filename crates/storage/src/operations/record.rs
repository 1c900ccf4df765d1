//! The stored item of an operation.
//!
//! Attribute names are not DynamoDB's reserved words (`state`, `until`, `total`, `position`), so
//! expressions need no placeholders for them.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    operations::{ItemFailure, Operation, OperationOutcome, OperationState, Task},
    values::{OperationId, Timestamp, UserId},
};
use uuid::Uuid;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OperationRecord {
    pub(super) id: OperationId,
    #[serde(flatten)]
    task: Task,
    fence: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease_holder: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease_until: Option<Timestamp>,
    done: u64,
    #[serde(rename = "expected")]
    total: u64,
    #[serde(rename = "place", default, skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failures: Vec<ItemFailure>,
    #[serde(
        rename = "stop_wanted",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    cancel_requested: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<OperationOutcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    /// Time of deletion in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<i64>,
    created_by: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
    begins_at: Timestamp,
}

impl From<&Operation> for OperationRecord {
    /// Converts an operation that is not started.
    fn from(operation: &Operation) -> Self {
        Self {
            id: operation.id,
            task: operation.task.clone(),
            fence: operation.fence,
            lease_holder: None,
            lease_until: None,
            done: operation.done,
            total: operation.total,
            position: operation.position.clone(),
            failures: operation.failures.clone(),
            cancel_requested: operation.cancel_requested,
            outcome: None,
            finished_at: None,
            expires_at: None,
            created_by: operation.created_by,
            created_at: operation.created_at,
            updated_at: operation.updated_at,
            begins_at: operation.begins_at,
        }
    }
}

impl OperationRecord {
    /// Converts to the operation, `None` after its retention.
    pub(super) fn operation(self, now: Timestamp) -> Option<Operation> {
        if self.expires_at.is_some_and(|end| end <= now.as_seconds()) {
            return None;
        }
        let state = match (
            self.outcome.zip(self.finished_at),
            self.lease_holder.zip(self.lease_until),
        ) {
            (Some((outcome, at)), _) => OperationState::Finished { outcome, at },
            (None, Some((holder, until))) => OperationState::Running { holder, until },
            (None, None) => OperationState::Queued,
        };
        Some(Operation {
            id: self.id,
            task: self.task,
            state,
            fence: self.fence,
            done: self.done,
            total: self.total,
            position: self.position,
            failures: self.failures,
            cancel_requested: self.cancel_requested,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            begins_at: self.begins_at,
        })
    }
}
