use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{
    ImageFile, ImageFileWriter,
    header::{HEAD, ImageHeader},
};
use crate::{
    error::Result,
    values::{Digest, ImageId},
};

/// A file upload in progress. Only its first bytes are held in memory.
pub struct ImageUpload {
    draft: Box<dyn ImageFileWriter>,
    hash: Sha256,
    bytes: u64,
    head: Vec<u8>,
}

impl ImageUpload {
    pub(super) fn new(draft: Box<dyn ImageFileWriter>) -> Self {
        Self {
            draft,
            hash: Sha256::new(),
            bytes: 0,
            head: Vec::new(),
        }
    }

    /// Writes the next bytes of the file.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) if they cannot be stored.
    pub async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.hash.update(&piece);
        self.bytes += piece.len() as u64;
        let wanted = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.draft.write(piece).await
    }

    /// Stores the bytes if they are a supported image.
    pub(super) async fn keep(self, id: ImageId) -> Result<ImageFile> {
        let ImageHeader {
            media_type,
            width,
            height,
        } = ImageHeader::of(&self.head)?;
        let sha256 = Digest::new(self.hash.finalize().into());
        self.draft.keep(&sha256).await?;
        Ok(ImageFile {
            id,
            media_type,
            bytes: self.bytes,
            sha256,
            width,
            height,
        })
    }
}
