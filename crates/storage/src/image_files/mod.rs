//! Stores the bytes of images by their SHA-256, in a folder, in S3 or in memory.

mod folder;
mod listing;
mod memory;
mod s3;

pub use folder::FolderImageFileStore;
pub use memory::MemoryImageFileStore;
pub use s3::{S3ImageFileStore, S3Location};
use tintero_domain::{Error, error::BoxError};

/// Maximum number of bytes per read.
const READ_CHUNK: usize = 16 * 1024;

fn unavailable(source: impl Into<BoxError>) -> Error {
    Error::Unavailable(source.into())
}
