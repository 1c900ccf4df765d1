use async_trait::async_trait;

use super::{ItemFailure, Operation, OperationOutcome};
use crate::{
    error::Result,
    lease::Lease,
    page::{Page, PageRequest},
    values::{OperationId, Timestamp},
    writes::WriteContext,
};

/// Stores operations. The store of the first effect inserts an operation in the same transaction.
/// The writes of a runner fail with [`LeaseLost`](crate::Error::LeaseLost) after another runner has
/// acquired the lease.
///
/// All methods fail with [`Unavailable`](crate::Error::Unavailable) if the store does not answer
/// and with [`Corrupt`](crate::Error::Corrupt) if a stored item cannot be read.
#[async_trait]
pub trait OperationStore: Send + Sync {
    /// Inserts an operation without another effect.
    async fn insert(&self, context: &WriteContext, operation: &Operation) -> Result<()>;

    /// Returns one operation, `None` after its retention.
    async fn find(&self, id: OperationId, now: Timestamp) -> Result<Option<Operation>>;

    /// Returns all operations, newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Operation>>;

    /// Returns unfinished operations, oldest first. The number is limited to one request.
    async fn unfinished(&self) -> Result<Vec<OperationId>>;

    /// Acquires a lease. Requires that no lease was granted since `operation` was read.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost).
    async fn acquire(
        &self,
        context: &WriteContext,
        operation: &Operation,
        lease: &Lease,
    ) -> Result<()>;

    /// Stores the position of the next step and all failures so far, and renews the lease.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost).
    async fn advance(
        &self,
        context: &WriteContext,
        lease: &Lease,
        position: Option<&str>,
        failures: &[ItemFailure],
    ) -> Result<()>;

    /// Finishes an operation.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost).
    async fn finish(
        &self,
        context: &WriteContext,
        lease: &Lease,
        outcome: OperationOutcome,
        failures: &[ItemFailure],
    ) -> Result<()>;

    /// Requests cancellation. Does nothing if the operation is finished.
    async fn request_cancellation(&self, context: &WriteContext, id: OperationId) -> Result<()>;
}
