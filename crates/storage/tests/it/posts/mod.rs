//! Posts: the use cases over DynamoDB.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod autosaves;
mod dates;
mod extreme;
mod history;
mod idempotency;
mod images;
mod leftovers;
mod life;
mod lists;
mod merging;
mod queries;
mod races;
mod restoring;
mod retention;
mod schedule;
mod slugs;
mod withdrawal;
mod withheld;
