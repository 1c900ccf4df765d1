//! Creates and updates working copies.

mod conflict;
mod create;
mod idempotency;
mod merge;
mod new;
mod patch;
mod suggestions;
mod write;

pub use conflict::{Conflict, FieldConflict, Hunk};
pub use idempotency::{IdempotencyRecord, Merged, MergedFrom, WriteResult};
pub use new::{FirstStatus, NewPost};
pub use patch::{PostPatch, SeoPatch, Set, SourcePatch, TranslationPatch};
pub use suggestions::SlugTaken;
