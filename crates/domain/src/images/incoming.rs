use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{
    ObjectDraft, Picture,
    facts::{Facts, HEAD},
};
use crate::{
    error::Result,
    values::{Digest, ImageId},
};

/// A file on its way in. However large it is, only its first bytes are held in memory.
pub struct Incoming {
    draft: Box<dyn ObjectDraft>,
    hash: Sha256,
    bytes: u64,
    head: Vec<u8>,
}

impl Incoming {
    pub(super) fn new(draft: Box<dyn ObjectDraft>) -> Self {
        Self {
            draft,
            hash: Sha256::new(),
            bytes: 0,
            head: Vec::new(),
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) when they cannot be kept.
    pub async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.hash.update(&piece);
        self.bytes += piece.len() as u64;
        let wanted = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.draft.write(piece).await
    }

    /// Keeps the bytes, once they turn out to be an image.
    pub(super) async fn keep(self, id: ImageId) -> Result<Picture> {
        let Facts {
            media_type,
            width,
            height,
        } = Facts::of(&self.head)?;
        let sha256 = Digest::new(self.hash.finalize().into());
        self.draft.keep(&sha256).await?;
        Ok(Picture {
            id,
            media_type,
            bytes: self.bytes,
            sha256,
            width,
            height,
        })
    }
}
