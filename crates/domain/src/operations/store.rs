use async_trait::async_trait;

use super::{ItemFailure, Operation, Outcome};
use crate::{error::Result, lease::Lease, page::{Page, PageRequest}, values::{OperationId, Timestamp}, writes::WriteContext};

/// Keeps operations. They are added by the store of what they are about, in the transaction of
/// their first effect. What a runner writes is refused once another one took its place.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait OperationStore: Send + Sync {
    /// One operation, as of now; none when it ended longer ago than is remembered.
    async fn find(&self, id: OperationId, now: Timestamp) -> Result<Option<Operation>>;

    /// All of them, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Operation>>;

    /// Those that did not end, the oldest first; as many as one request reads.
    async fn unfinished(&self) -> Result<Vec<OperationId>>;

    /// Takes a lease, provided that none was given since `operation` was read.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost) when somebody else was faster.
    async fn take(&self, context: &WriteContext, operation: &Operation, lease: &Lease) -> Result<()>;

    /// Writes down where the next step begins, and all failures until now.
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

    /// Ends an operation.
    ///
    /// # Errors
    /// [`LeaseLost`](crate::Error::LeaseLost).
    async fn finish(
        &self,
        context: &WriteContext,
        lease: &Lease,
        outcome: Outcome,
        failures: &[ItemFailure],
    ) -> Result<()>;

    /// Notes that somebody wants an operation to stop. One that ended stays as it is.
    async fn request_stop(&self, context: &WriteContext, id: OperationId) -> Result<()>;
}
