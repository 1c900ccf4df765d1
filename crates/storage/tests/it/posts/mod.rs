//! Posts: the use cases over DynamoDB.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod extreme;
mod faults;
mod idempotency;
mod images;
mod life;
mod lists;
mod queries;
mod races;
mod schedule;
mod withdrawal;
