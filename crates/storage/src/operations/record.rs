//! What lies in the table of operations, attribute by attribute.
//!
//! Names that DynamoDB reserves (`state`, `until`, `total`, `position`) are avoided, so that
//! expressions can use them as they are.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    operations::{ItemFailure, Operation, Outcome, State, Task},
    values::{OperationId, Timestamp, UserId},
};
use uuid::Uuid;

/// An operation.
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
    expected: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failures: Vec<ItemFailure>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    stop_wanted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    /// Unix seconds after which the record is no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<i64>,
    created_by: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
    begins_at: Timestamp,
}

impl From<&Operation> for OperationRecord {
    /// The record of an operation that nobody has begun.
    fn from(operation: &Operation) -> Self {
        Self {
            id: operation.id,
            task: operation.task.clone(),
            fence: operation.fence,
            lease_holder: None,
            lease_until: None,
            done: operation.done,
            expected: operation.total,
            place: operation.position.clone(),
            failures: operation.failures.clone(),
            stop_wanted: operation.stop_wanted,
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
    /// The operation, unless it ended longer ago than is remembered.
    pub(super) fn operation(self, now: Timestamp) -> Option<Operation> {
        if self.expires_at.is_some_and(|end| end <= now.as_seconds()) {
            return None;
        }
        let state = match (
            self.outcome.zip(self.finished_at),
            self.lease_holder.zip(self.lease_until),
        ) {
            (Some((outcome, at)), _) => State::Finished { outcome, at },
            (None, Some((holder, until))) => State::Running { holder, until },
            (None, None) => State::Queued,
        };
        Some(Operation {
            id: self.id,
            task: self.task,
            state,
            fence: self.fence,
            done: self.done,
            total: self.expected,
            position: self.place,
            failures: self.failures,
            stop_wanted: self.stop_wanted,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            begins_at: self.begins_at,
        })
    }
}
