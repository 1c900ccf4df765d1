//! The bytes of images, each under its SHA-256: in a folder, or in memory.

mod folder;
mod memory;

pub use folder::FolderObjectStore;
pub use memory::MemoryObjectStore;
use tintero_domain::{Error, error::BoxError};

/// Most bytes that a reader gives at once.
const PIECE: usize = 64 * 1024;

fn unavailable(source: impl Into<BoxError>) -> Error {
    Error::Unavailable(source.into())
}
