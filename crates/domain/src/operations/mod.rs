//! Long operations: what takes longer than a request, and what became of it.

mod operation;
mod runner;
mod store;

use std::sync::Arc;

pub use operation::{ItemFailure, Operation, Outcome, State, Task};
pub use runner::{Round, Runner, Step, Work};
pub use store::OperationStore;

use crate::{
    access::{Caller, Permission},
    audit::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    page::{Page, PageRequest},
    values::{OperationId, Timestamp},
};

/// The use cases around operations. They are begun by the use cases of what they are about.
#[derive(Clone)]
pub struct Operations {
    store: Arc<dyn OperationStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    bell: Arc<dyn Notifier>,
}

/// Tells a runner that there is something to do. One that is not told looks by itself after a
/// while.
pub trait Notifier: Send + Sync {
    /// Rings.
    fn ring(&self);
}

/// Nobody hears it.
impl Notifier for () {
    fn ring(&self) {}
}

impl Operations {
    /// The use cases over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn OperationStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        bell: Arc<dyn Notifier>,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            bell,
        }
    }

    /// One operation.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        caller.require(Permission::ManageOperations)?;
        self.find(id).await?.ok_or(NOT_FOUND)
    }

    /// All operations, the newest first. Those that ended are kept for 30 days.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Operation>> {
        caller.require(Permission::ManageOperations)?;
        self.store.list(self.clock.now(), page).await
    }

    /// Stops an operation between two steps; what is done stays done. One that ended stays as it
    /// is.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn cancel(&self, caller: &Caller, id: OperationId) -> Result<Operation> {
        let operation = self.get(caller, id).await?;
        if operation.is_finished() {
            return Ok(operation);
        }
        let context = caller.context(AuditAction::CancelOperation, self.ids.as_ref(), self.clock.now());
        self.store.request_stop(&context, id).await?;
        self.bell.ring();
        self.get(caller, id).await
    }

    pub(crate) async fn find(&self, id: OperationId) -> Result<Option<Operation>> {
        self.store.find(id, self.clock.now()).await
    }

    /// An operation that nobody has begun, to be stored with its first effect.
    pub(crate) fn planned(
        &self,
        caller: &Caller,
        task: Task,
        total: u64,
        begins_at: Timestamp,
    ) -> Operation {
        let now = self.clock.now();
        Operation {
            id: OperationId::new(self.ids.next()),
            task,
            state: State::Queued,
            fence: 0,
            done: 0,
            total,
            position: None,
            failures: Vec::new(),
            stop_wanted: false,
            created_by: caller.user_id,
            created_at: now,
            updated_at: now,
            begins_at,
        }
    }

    /// Tells a runner of an operation that was stored.
    pub(crate) fn announce(&self) {
        self.bell.ring();
    }
}

const NOT_FOUND: Error = Error::NotFound(Resource::Operation);
