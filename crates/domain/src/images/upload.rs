use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{IMAGE_HEAD, ImageFile, ImageFileWriter, ImageJob, ImageWorkers, Look, PreparedImage};
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

/// A stored file whose image is not created yet.
pub(super) struct KeptFile {
    pub(super) file: ImageFile,
    pub(super) look: Option<Look>,
    pub(super) bytes: Bytes,
    /// Reserves the memory of the bytes.
    _job: Box<dyn ImageJob>,
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
        let wanted = IMAGE_HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.draft.write(piece).await
    }

    /// Stores the file without private metadata if it is a supported image.
    pub(super) async fn keep(
        mut self,
        id: ImageId,
        workers: &dyn ImageWorkers,
    ) -> Result<KeptFile> {
        let mut job = workers.admit(&self.head, self.bytes).await?;
        let PreparedImage {
            bytes,
            sha256,
            media_type,
            width,
            height,
            look,
        } = job.prepare(self.draft.read().await?).await?;
        let uploaded = Digest::new(self.hash.finalize().into());
        let image_file = ImageFile {
            id,
            media_type,
            bytes: bytes.len() as u64,
            sha256,
            uploaded_sha256: (uploaded != sha256).then_some(uploaded),
            width,
            height,
        };
        if uploaded != sha256 {
            self.draft.replace(bytes.clone()).await?;
        }
        self.draft.keep(&sha256).await?;
        Ok(KeptFile {
            file: image_file,
            look,
            bytes,
            _job: job,
        })
    }
}
