//! Port of the work on the bytes of images.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{ImageRendition, MediaType};
use crate::{
    error::Result,
    values::{Digest, RgbColor, ThumbHash},
};

/// Number of leading bytes that [`ImageWorkers::admit`] examines. Cameras write up to some hundred
/// kilobytes of metadata and previews before the image size.
pub const IMAGE_HEAD: usize = 512 * 1024;

/// A file without private metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedImage {
    /// The file.
    pub bytes: Bytes,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// Type of the file.
    pub media_type: MediaType,
    /// Width as shown, in pixels.
    pub width: u32,
    /// Height as shown, in pixels.
    pub height: u32,
    /// How it looks, for types that are decoded.
    pub look: Option<Look>,
}

/// How an image looks, for the time before it is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The dominant colour; `None` for a transparent image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<RgbColor>,
    /// A reduced image.
    pub placeholder: ThumbHash,
}

/// Works on images beside the threads that answer requests, within a limit of memory.
#[async_trait]
pub trait ImageWorkers: Send + Sync {
    /// Waits until the memory for the work on a file is free. `head` has the first [`IMAGE_HEAD`] of its
    /// `length` bytes.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if the type is not supported or the image is too large.
    async fn admit(&self, head: &[u8], length: u64) -> Result<Box<dyn ImageJob>>;

    /// Waits for a turn and for the memory to make a rendition of a stored file. `head` has the first [`IMAGE_HEAD`]
    /// bytes of the file.
    ///
    /// # Errors
    /// [`Busy`](crate::Error::Busy) if too many renditions wait.
    async fn admit_rendition(
        &self,
        head: &[u8],
        rendition: &ImageRendition,
    ) -> Result<Box<dyn ImageJob>>;
}

/// The work on a file. Its memory is reserved until it is dropped.
#[async_trait]
pub trait ImageJob: Send {
    /// Removes private metadata, and reads size and look.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if the file is incomplete or malformed.
    async fn prepare(&mut self, file: Bytes) -> Result<PreparedImage>;

    /// Makes a rendition of a stored file. `None` if the file serves as well: if it is animated, if it needs too
    /// much memory, or if the rendition would not be smaller in bytes.
    async fn reduce(&mut self, file: Bytes, rendition: ImageRendition) -> Result<Option<Bytes>>;
}
