//! Opens the bytes of images, and makes their renditions.

use std::ops::Range;

use bytes::Bytes;

use super::{
    IMAGE_HEAD, ImageFile, ImageFileReader, ImageRendition, Images, store::OpenedRendition,
};
use crate::error::{Error, Result};

impl Images {
    /// Opens a byte range of an image. The range must be within the image.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the image exists and its bytes do not.
    pub async fn open(
        &self,
        image_file: &ImageFile,
        stretch: Range<u64>,
    ) -> Result<Box<dyn ImageFileReader>> {
        let found = self.objects.open(&image_file.sha256, stretch).await?;
        found.ok_or_else(|| Error::Corrupt {
            what: format!("object {}", image_file.sha256),
            source: "the object does not exist".into(),
        })
    }

    /// Opens a rendition that was made before. `None` if it was not, or if the file of the image serves as well.
    pub async fn open_kept_rendition(
        &self,
        rendition: &ImageRendition,
    ) -> Result<Option<OpenedRendition>> {
        Ok(self
            .objects
            .open_rendition(rendition)
            .await?
            .and_then(shown))
    }

    /// Opens a rendition, and makes it first if it is not stored. `None` if the file of the image serves as well.
    ///
    /// Cancelling this loses the work; callers let it finish.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many renditions wait; [`Error::Corrupt`] if the image exists and its bytes do not.
    pub async fn open_rendition(
        &self,
        rendition: &ImageRendition,
    ) -> Result<Option<OpenedRendition>> {
        if let Some(opened) = self.objects.open_rendition(rendition).await? {
            return Ok(shown(opened));
        }
        let file = rendition.file();
        let head = self.read(file, IMAGE_HEAD as u64).await?;
        let mut job = self.workers.admit_rendition(&head, rendition).await?;
        drop(head);
        // Another request may have made it.
        if let Some(opened) = self.objects.open_rendition(rendition).await? {
            return Ok(shown(opened));
        }
        let bytes = self.read(file, u64::MAX).await?;
        let made = job.reduce(bytes, *rendition).await?.unwrap_or_default();
        self.objects.keep_rendition(rendition, made).await?;
        drop(job);
        Ok(self
            .objects
            .open_rendition(rendition)
            .await?
            .and_then(shown))
    }

    /// Reads at most `most` leading bytes of a file.
    async fn read(&self, file: &ImageFile, most: u64) -> Result<Bytes> {
        let length = file.bytes.min(most);
        let mut reader = self.open(file, 0..length).await?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        while let Some(chunk) = reader.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }
}

fn shown(opened: OpenedRendition) -> Option<OpenedRendition> {
    (opened.bytes > 0).then_some(opened)
}
