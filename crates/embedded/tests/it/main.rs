//! Tests of the embedded engine through the AWS SDK.

#![expect(clippy::unwrap_used, reason = "unwrap fails the test")]

mod batches;
mod capacity;
mod conditions;
mod faults;
mod files;
mod limits;
mod queries;
mod stage;
mod transactions;
