//! Revisions and autosaves.

mod autosaves;
mod reading;
mod revisions;
mod store;

pub(crate) use self::revisions::RevisionRecord;
pub(super) use self::revisions::{mark_published, pack, write_revision};
