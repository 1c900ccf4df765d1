//! Tests of the embedded engine through the AWS SDK.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod batches;
mod capacity;
mod conditions;
mod faults;
mod files;
mod limits;
mod queries;
mod stage;
mod transactions;
