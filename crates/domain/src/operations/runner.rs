//! Runs operations step by step. Several runners may work at the same time.
//!
//! A runner keeps no state between steps. After a crash, any runner continues with the next step.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use super::{ItemFailure, Operation, OperationOutcome, OperationStore};
use crate::{
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Result},
    lease::Lease,
    values::{OperationId, Timestamp},
    writes::WriteContext,
};

/// Executes the steps of operations.
#[async_trait]
pub trait OperationWorker: Send + Sync {
    /// Executes one bounded step. The step must be idempotent: a runner that crashed or was
    /// superseded may have executed it before, completely or in part.
    ///
    /// The write of an item names the lease in its [`WriteContext`], so that item and progress are
    /// one transaction.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] if another runner has the lease; [`Error::Unavailable`] and
    /// [`Error::Contended`] are retried later; all other errors end the operation.
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<OperationProgress>;
}

/// Result of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationProgress {
    /// More steps are necessary.
    Continue {
        /// Start of the next step.
        position: Option<String>,
        /// Items that failed in this step.
        failures: Vec<ItemFailure>,
    },
    /// All items are done or have failed.
    Completed {
        /// All items that failed.
        failures: Vec<ItemFailure>,
    },
}

/// Runs operations.
#[derive(Clone)]
pub struct Runner {
    store: Arc<dyn OperationStore>,
    worker: Arc<dyn OperationWorker>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    name: Uuid,
}

/// Result of a poll of all unfinished operations.
#[derive(Debug, Default)]
pub struct RunnerPoll {
    /// Whether a step was executed. More work may be available at once.
    pub worked: bool,
    /// Operations that failed to advance. A later poll retries those that have not ended.
    pub faults: Vec<(OperationId, Error)>,
}

impl Runner {
    /// Creates a runner with a new name.
    #[must_use]
    pub fn new(
        store: Arc<dyn OperationStore>,
        worker: Arc<dyn OperationWorker>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let name = ids.next();
        Self {
            store,
            worker,
            clock,
            ids,
            name,
        }
    }

    /// Executes one step of each operation that has no other runner.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the unfinished operations cannot be listed.
    pub async fn poll(&self) -> Result<RunnerPoll> {
        let mut poll = RunnerPoll::default();
        for id in self.store.unfinished().await? {
            match self.tick(id).await {
                Ok(worked) => poll.worked |= worked,
                // Another runner continues.
                Err(Error::LeaseLost) => {}
                Err(error) => poll.faults.push((id, error)),
            }
        }
        Ok(poll)
    }

    /// Executes one step of one operation. Returns false if there is nothing to do.
    async fn tick(&self, id: OperationId) -> Result<bool> {
        let now = self.clock.now();
        let Some(operation) = self.store.find(id, now).await? else {
            return Ok(false);
        };
        let Some(lease) = operation.lease_for(self.name, now) else {
            return Ok(false);
        };
        if lease.fence != operation.fence {
            let context = self.context(&operation, AuditAction::TakeOperation);
            self.store.acquire(&context, &operation, &lease).await?;
        }
        if operation.cancel_requested {
            let failures = &operation.failures;
            self.finish(&operation, &lease, OperationOutcome::Cancelled, failures)
                .await?;
            return Ok(true);
        }
        let progress = self.worker.step(&operation, &lease).await;
        self.record(&operation, &lease, progress).await?;
        Ok(true)
    }

    async fn record(
        &self,
        operation: &Operation,
        lease: &Lease,
        progress: Result<OperationProgress>,
    ) -> Result<()> {
        let (position, new_failures) = match progress {
            Ok(OperationProgress::Continue { position, failures }) => (position, failures),
            Ok(OperationProgress::Completed { failures }) => {
                let outcome = if failures.is_empty() {
                    OperationOutcome::Succeeded
                } else {
                    OperationOutcome::ItemsFailed
                };
                return self.finish(operation, lease, outcome, &failures).await;
            }
            Err(
                transient @ (Error::LeaseLost
                | Error::Unavailable(_)
                | Error::StorageFull(_)
                | Error::Contended),
            ) => {
                return Err(transient);
            }
            Err(error) => {
                let failures = &operation.failures;
                self.finish(operation, lease, OperationOutcome::Broken, failures)
                    .await?;
                return Err(error);
            }
        };
        let mut failures = operation.failures.clone();
        // An item may fail again in a later pass.
        failures.retain(|known| new_failures.iter().all(|new| new.item != known.item));
        failures.extend(new_failures);
        if failures.len() > Operation::MAX_FAILURES {
            failures.truncate(Operation::MAX_FAILURES);
            return self
                .finish(operation, lease, OperationOutcome::TooManyFailed, &failures)
                .await;
        }
        let context = self.context(operation, AuditAction::AdvanceOperation);
        let position = position.as_deref();
        self.store
            .advance(&context, lease, position, &failures)
            .await
    }

    async fn finish(
        &self,
        operation: &Operation,
        lease: &Lease,
        outcome: OperationOutcome,
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
    /// The context of a write by this operation.
    pub(crate) fn context(
        &self,
        action: AuditAction,
        ids: &dyn Ids,
        at: Timestamp,
    ) -> WriteContext {
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
