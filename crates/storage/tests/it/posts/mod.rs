//! Posts: the use cases over DynamoDB.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod faults;
mod idempotency;
mod images;
mod life;
mod lists;
mod races;
mod withdrawal;
