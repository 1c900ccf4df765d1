//! How operations get done: step by step, by any number of runners at once.
//!
//! A runner remembers nothing between two steps, so it makes no difference whether the next one is
//! taken by the same, by another, or after everything was killed.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use super::{ItemFailure, Operation, OperationStore, Outcome};
use crate::{audit::AuditAction, clock::{Clock, Ids}, error::{Error, Result}, lease::Lease, values::OperationId, writes::WriteContext};

/// What a kind of operation does.
#[async_trait]
pub trait Work: Send + Sync {
    /// Does a bounded part of the task. It may have been done before, wholly or in part, by
    /// somebody who died or was overtaken.
    ///
    /// What is done to an item names the lease in its [`WriteContext`], so that item and progress are one
    /// transaction.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when somebody else works on it now; [`Error::Unavailable`] and
    /// [`Error::Contended`] for what a later try may overcome; anything else ends the operation.
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<Step>;
}

/// How far a step came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More {
        /// Where the next step begins.
        position: Option<String>,
        /// What this one could not do.
        failures: Vec<ItemFailure>,
    },
    /// Nothing is left but what failed.
    Ended {
        /// What that is.
        failures: Vec<ItemFailure>,
    },
}

/// Works on operations.
#[derive(Clone)]
pub struct Runner {
    store: Arc<dyn OperationStore>,
    work: Arc<dyn Work>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    name: Uuid,
}

/// What came of a look at everything unfinished.
#[derive(Debug, Default)]
pub struct Round {
    /// True when a step was taken, so that there may be more to do at once.
    pub worked: bool,
    /// What kept operations from going on; a later round tries again, unless they were ended.
    pub faults: Vec<(OperationId, Error)>,
}

impl Runner {
    /// A runner of its own name.
    #[must_use]
    pub fn new(
        store: Arc<dyn OperationStore>,
        work: Arc<dyn Work>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let name = ids.next();
        Self {
            store,
            work,
            clock,
            ids,
            name,
        }
    }

    /// Takes one step of each operation that waits for a runner or is this one's.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when not even the list of them can be had.
    pub async fn round(&self) -> Result<Round> {
        let mut round = Round::default();
        for id in self.store.unfinished().await? {
            match self.turn(id).await {
                Ok(worked) => round.worked |= worked,
                // Whoever has the lease now goes on.
                Err(Error::LeaseLost) => {}
                Err(error) => round.faults.push((id, error)),
            }
        }
        Ok(round)
    }

    /// One step of one operation. True when it was taken.
    async fn turn(&self, id: OperationId) -> Result<bool> {
        let now = self.clock.now();
        let Some(operation) = self.store.find(id, now).await? else {
            return Ok(false);
        };
        let Some(lease) = operation.lease_for(self.name, now) else {
            return Ok(false);
        };
        if lease.fence != operation.fence {
            let context = self.context(&operation, AuditAction::TakeOperation);
            self.store.take(&context, &operation, &lease).await?;
        }
        if operation.stop_wanted {
            let failures = &operation.failures;
            self.finish(&operation, &lease, Outcome::Cancelled, failures)
                .await?;
            return Ok(true);
        }
        let step = self.work.step(&operation, &lease).await;
        self.settle(&operation, &lease, step).await?;
        Ok(true)
    }

    async fn settle(&self, operation: &Operation, lease: &Lease, step: Result<Step>) -> Result<()> {
        let (position, fresh) = match step {
            Ok(Step::More { position, failures }) => (position, failures),
            Ok(Step::Ended { failures }) => {
                let outcome = if failures.is_empty() {
                    Outcome::Succeeded
                } else {
                    Outcome::ItemsFailed
                };
                return self.finish(operation, lease, outcome, &failures).await;
            }
            Err(passing @ (Error::LeaseLost | Error::Unavailable(_) | Error::Contended)) => {
                return Err(passing);
            }
            Err(error) => {
                let failures = &operation.failures;
                self.finish(operation, lease, Outcome::Broken, failures)
                    .await?;
                return Err(error);
            }
        };
        let mut failures = operation.failures.clone();
        // A later pass may meet the same item again.
        failures.retain(|known| fresh.iter().all(|new| new.post_id != known.post_id));
        failures.extend(fresh);
        if failures.len() > Operation::MAX_FAILURES {
            failures.truncate(Operation::MAX_FAILURES);
            return self
                .finish(operation, lease, Outcome::TooManyFailed, &failures)
                .await;
        }
        let context = self.context(operation, AuditAction::AdvanceOperation);
        let position = position.as_deref();
        self.store.advance(&context, lease, position, &failures).await
    }

    async fn finish(
        &self,
        operation: &Operation,
        lease: &Lease,
        outcome: Outcome,
        failures: &[ItemFailure],
    ) -> Result<()> {
        let context = self.context(operation, AuditAction::FinishOperation);
        self.store.finish(&context, lease, outcome, failures).await
    }

    fn context(&self, operation: &Operation, action: AuditAction) -> WriteContext {
        operation.context(action, self.ids.as_ref(), self.clock.now())
    }
}

impl Operation {
    /// The record of something done in its course.
    pub(crate) fn context(&self, action: AuditAction, ids: &dyn Ids, at: crate::values::Timestamp) -> WriteContext {
        WriteContext {
            id: ids.next(),
            actor: Some(self.created_by),
            key: None,
            action,
            at,
            request_id: self.id.to_string(),
            idempotency: None,
            step: None,
        }
    }
}
