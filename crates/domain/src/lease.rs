//! Leases: the exclusive, expiring right of one runner to work on an operation.

use std::time::Duration;

use uuid::Uuid;

use crate::values::OperationId;

/// The right of one runner to work on an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The leased operation.
    pub operation: OperationId,
    /// The runner that holds the lease.
    pub holder: Uuid,
    /// Fencing token: the number of leases granted so far for this operation.
    pub fence: u64,
}

impl Lease {
    /// Time after which a lease without progress expires. It is short because a superseded runner
    /// does no harm: its writes fail the fence check.
    pub const LENGTH: Duration = Duration::from_secs(10);
}
