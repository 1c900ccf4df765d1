use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lease::Lease;
use crate::values::{CategoryId, OperationId, PostId, Tag, Timestamp, UserId};

/// Work that takes longer than a request: done in bounded steps, by whoever holds its lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Which operation.
    pub id: OperationId,
    /// What is to be done.
    pub task: Task,
    /// How far it is in its life.
    pub state: State,
    /// Counts the leases that were given. Whoever works writes under the number that they got, so
    /// one who was overtaken writes nothing any more.
    pub fence: u64,
    /// How many items are done.
    pub done: u64,
    /// How many items there are, as far as was known at the beginning.
    pub total: u64,
    /// Where the next step begins, in the task's own words.
    pub position: Option<String>,
    /// The items that could not be done.
    pub failures: Vec<ItemFailure>,
    /// True once somebody wants it to stop.
    pub stop_wanted: bool,
    /// Who asked for it.
    pub created_by: UserId,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last made progress.
    pub updated_at: Timestamp,
    /// When its first step may be taken.
    pub begins_at: Timestamp,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Moves the posts of a category into the one that stands for it now.
    MergeCategories {
        /// The category that is no more.
        from: CategoryId,
        /// The one that was named as its successor.
        into: CategoryId,
    },
    /// Moves the posts with a tag to the one that stands for it now: it was merged, or renamed.
    MergeTags {
        /// The tag that is no more.
        from: Tag,
        /// The one that was named as its successor.
        into: Tag,
    },
}

/// How far an operation is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has begun.
    Queued,
    /// Somebody works on it, or did when the lease was given.
    Running {
        /// The runner that was given the lease.
        holder: Uuid,
        /// Until when nobody else may take it.
        until: Timestamp,
    },
    /// It ended.
    Finished {
        /// How.
        outcome: Outcome,
        /// When.
        at: Timestamp,
    },
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything is done.
    Succeeded,
    /// Everything is done but for the items that failed.
    ItemsFailed,
    /// It was given up, because too many items failed.
    TooManyFailed,
    /// It was given up, because it cannot go on; the log says why.
    Broken,
    /// Somebody stopped it.
    Cancelled,
}

/// An item that could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFailure {
    /// Which post.
    pub post_id: PostId,
    /// Why not, in words.
    pub detail: String,
}


impl Operation {
    /// How long an operation that ended is remembered.
    pub const RETENTION: Duration = Duration::from_hours(30 * 24);
    /// The most items that may fail before an operation is given up.
    pub const MAX_FAILURES: usize = 100;

    /// True once it ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished { .. })
    }

    /// True when it did not end, or ended well: whoever asks for the same again is meant to get
    /// this one.
    #[must_use]
    pub fn stands(&self) -> bool {
        match self.state {
            State::Queued | State::Running { .. } => true,
            State::Finished { outcome, .. } => outcome == Outcome::Succeeded,
        }
    }

    /// The lease under which `runner` may work on it now: the one that it has, or the next.
    pub(super) fn lease_for(&self, runner: Uuid, now: Timestamp) -> Option<Lease> {
        if self.begins_at > now || self.is_finished() {
            return None;
        }
        let fence = match self.state {
            State::Running { holder, until } if until > now => {
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
