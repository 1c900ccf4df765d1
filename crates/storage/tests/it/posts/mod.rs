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
mod listed_texts;
mod lists;
mod merging;
mod permissions;
mod planned;
mod queries;
mod races;
mod refused_chunks;
mod renditions;
mod restoring;
mod retention;
mod schedule;
mod site_changes;
mod slugs;
mod texts;
mod unchanged;
mod withdrawal;
