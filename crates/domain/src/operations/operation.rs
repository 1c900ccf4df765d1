use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission, ResourceAction},
    lease::Lease,
    values::{BylineId, CategoryId, OperationId, Tag, Timestamp, UserId},
};

/// Work that takes longer than a request. The holder of its lease does it in bounded steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Id of the operation.
    pub id: OperationId,
    /// The work.
    pub task: Task,
    /// State in the life cycle.
    pub state: OperationState,
    /// Number of leases granted so far. Each write of a runner requires the fence of its lease, so
    /// a superseded runner cannot write.
    pub fence: u64,
    /// Number of finished items.
    pub done: u64,
    /// Number of items known at the start.
    pub total: u64,
    /// Start of the next step, in a format of the task.
    pub position: Option<String>,
    /// Items that failed.
    pub failures: Vec<ItemFailure>,
    /// Whether cancellation was requested.
    pub cancel_requested: bool,
    /// User who started it.
    pub created_by: UserId,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last progress.
    pub updated_at: Timestamp,
    /// Earliest time of the first step.
    pub begins_at: Timestamp,
}

/// The work of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Relocates the posts of a category to its current replacement.
    MergeCategories {
        /// The retired category.
        from: CategoryId,
        /// The target of the merge request.
        into: CategoryId,
    },
    /// Relocates the posts of a merged or renamed tag to its current replacement.
    MergeTags {
        /// The retired tag.
        from: Tag,
        /// The target of the merge request, or the new name.
        into: Tag,
    },
    /// Relocates the posts of a byline to its current replacement.
    MergeBylines {
        /// The retired byline.
        from: BylineId,
        /// The target of the merge request.
        into: BylineId,
    },
    /// Gives the posts of a user to another one, then removes the user.
    ReassignPosts {
        /// The user to be removed.
        from: UserId,
        /// The next owner.
        into: UserId,
    },
    /// Removes stored files that no image needs.
    SweepImages {
        /// Whether the files are only counted.
        dry_run: bool,
        /// Age in seconds below which files are kept.
        grace_seconds: u64,
    },
}

/// State of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// No runner has started.
    Queued,
    /// A runner has acquired a lease, which may have expired.
    Running {
        /// The runner that holds the lease.
        holder: Uuid,
        /// Time of expiry.
        until: Timestamp,
    },
    /// The operation has ended.
    Finished {
        /// Result of the work.
        outcome: OperationOutcome,
        /// Time of the end.
        at: Timestamp,
    },
}

/// Result of a finished operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationOutcome {
    /// All items are done.
    Succeeded,
    /// All items are done except those that failed.
    ItemsFailed,
    /// Aborted because too many items failed.
    TooManyFailed,
    /// Aborted by a permanent error, which is in the log.
    Broken,
    /// Cancelled by a user.
    Cancelled,
}

/// An item that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFailure {
    /// Identifier of the item.
    #[serde(rename = "post_id")]
    pub item: Uuid,
    /// The error message.
    pub detail: String,
}

impl Operation {
    /// Time for which a finished operation is kept.
    pub const RETENTION: Duration = Duration::from_hours(30 * 24);
    /// Maximum number of failed items. One more aborts the operation.
    pub const MAX_FAILURES: usize = 100;

    /// Whether the operation has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.state, OperationState::Finished { .. })
    }

    /// The actions that the caller may perform on the operation now.
    #[must_use]
    pub fn allowed_to(&self, caller: &Caller) -> &'static [ResourceAction] {
        let is_stoppable = !self.is_finished() && !self.cancel_requested;
        if is_stoppable && caller.may(Permission::ManageOperations) {
            &[ResourceAction::Cancel]
        } else {
            &[]
        }
    }

    /// Whether a repeated request must return this operation instead of a new one.
    #[must_use]
    pub fn is_active_or_succeeded(&self) -> bool {
        match self.state {
            OperationState::Queued | OperationState::Running { .. } => true,
            OperationState::Finished { outcome, .. } => outcome == OperationOutcome::Succeeded,
        }
    }

    /// The lease under which `runner` may work now: its current one, or the next if that of another
    /// runner has expired.
    pub(super) fn lease_for(&self, runner: Uuid, now: Timestamp) -> Option<Lease> {
        if self.begins_at > now || self.is_finished() {
            return None;
        }
        let fence = match self.state {
            OperationState::Running { holder, until } if until > now => {
                (holder == runner).then_some(self.fence)?
            }
            _ => self.fence + 1,
        };
        Some(Lease {
            operation: self.id,
            holder: runner,
            fence,
        })
    }
}
