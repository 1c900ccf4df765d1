//! Stores the bytes of images by their SHA-256, in a folder or in memory.

mod folder;
mod memory;

pub use folder::FolderImageFileStore;
pub use memory::MemoryImageFileStore;
use tintero_domain::{Error, error::BoxError};

/// Maximum number of bytes per read.
const READ_CHUNK: usize = 16 * 1024;

fn unavailable(source: impl Into<BoxError>) -> Error {
    Error::Unavailable(source.into())
}
