//! Operations: work that takes longer than a request.

mod operation;
mod runner;
mod store;
mod task_workers;

use std::sync::Arc;

pub use operation::{ItemFailure, Operation, OperationOutcome, OperationState, Task};
pub use runner::{OperationProgress, OperationWorker, Runner, RunnerPoll};
pub use store::OperationStore;
pub use task_workers::TaskWorkers;

use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    page::{Page, PageRequest},
    values::{OperationId, Timestamp, UserId},
    writes::WriteContext,
};

/// Use cases for operations. Other use cases start them.
#[derive(Clone)]
pub struct Operations {
    store: Arc<dyn OperationStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    notifier: Arc<dyn Notifier>,
}

/// Wakes a runner. Runners also poll at intervals, so notifications may get lost.
pub trait Notifier: Send + Sync {
    /// Reports that an operation was started or changed.
    fn notify(&self);
}

/// Ignores notifications.
impl Notifier for () {
    fn notify(&self) {}
}

impl Operations {
    /// Creates the use cases on a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn OperationStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        notifier: Arc<dyn Notifier>,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            notifier,
        }
    }

    /// Returns one operation.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        caller.require(Permission::ManageOperations)?;
        let operation = self.find(id).await?;
        operation.ok_or(Error::NotFound(Resource::Operation))
    }

    /// Returns all operations, newest first. Finished operations are kept for 30 days.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Operation>> {
        caller.require(Permission::ManageOperations)?;
        self.store.list(self.clock.now(), page).await
    }

    /// Stops an operation before its next step. Finished items stay finished. Returns a finished
    /// operation unchanged.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn cancel(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        let operation = self.get(caller, id).await?;
        if operation.is_finished() {
            return Ok(operation);
        }
        let (ids, now) = (self.ids.as_ref(), self.clock.now());
        let context = caller.context(AuditAction::CancelOperation, ids, now);
        self.store.request_cancellation(&context, id).await?;
        self.notify();
        self.get(caller, id).await
    }

    pub(crate) async fn find(&self, id: OperationId) -> Result<Option<Operation>> {
        self.store.find(id, self.clock.now()).await
    }

    /// Creates a queued operation. The caller stores it in the transaction of its first effect.
    pub(crate) fn plan(
        &self,
        caller: &Caller,
        task: Task,
        total: u64,
        begins_at: Timestamp,
    ) -> Operation {
        self.plan_by(caller.user_id, task, total, begins_at)
    }

    /// Creates a queued operation that names `created_by` as its creator.
    pub(crate) fn plan_by(
        &self,
        created_by: UserId,
        task: Task,
        total: u64,
        begins_at: Timestamp,
    ) -> Operation {
        let now = self.clock.now();
        Operation {
            id: OperationId::new(self.ids.next()),
            task,
            state: OperationState::Queued,
            fence: 0,
            done: 0,
            total,
            position: None,
            failures: Vec::new(),
            cancel_requested: false,
            created_by,
            created_at: now,
            updated_at: now,
            begins_at,
        }
    }

    /// Stores an operation whose first effect is its first step, and wakes a runner.
    pub(crate) async fn start(
        &self,
        context: &WriteContext,
        operation: Operation,
    ) -> Result<Operation> {
        self.store.insert(context, &operation).await?;
        self.notify();
        Ok(operation)
    }

    pub(crate) fn notify(&self) {
        self.notifier.notify();
    }
}
