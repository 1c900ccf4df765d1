//! Revisions, their differences and retention, and autosaves.

mod autosave;
mod diff;
mod retention;
mod revisions;
mod store;

pub use autosave::{Autosave, Unsaved};
pub(in crate::posts) use diff::DiffState;
pub use diff::{BodyDiff, Diff, DiffHunk, DiffLine, FieldDiff, LineChange};
pub use store::HistoryStore;
