//! The posts service with its DynamoDB store.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod autosaves;
mod clocks;
mod complex_texts;
mod dates;
mod drafts;
mod extreme;
mod footprint;
mod history;
mod idempotency;
mod images;
mod life;
mod lists;
mod merging;
mod permissions;
mod queries;
mod races;
mod refused_chunks;
mod renditions;
mod restoring;
mod retention;
mod schedule;
mod slugs;
mod texts;
mod unchanged;
mod withdrawal;
