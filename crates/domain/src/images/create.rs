//! Creates images from uploads.

use bytes::Bytes;

use super::{
    ByteRemoval, Image, ImageFile, ImageMetadata, ImageUpload, Images, InsertOutcome,
    UploadedImage, upload::KeptFile,
};
use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::{Error, Result, Unique},
    values::{ImageId, Timestamp, UserId, Version},
};

/// Number of removals of its bytes that an upload outlasts.
const MAX_REMOVALS: usize = 3;

impl Images {
    /// Creates an image from a completed upload, without the private metadata of the file.
    ///
    /// Uploading the same bytes with the same source path, or twice without one, returns the existing
    /// image. The same bytes with two source paths are two images that share the bytes. The bytes are
    /// stored first; they are unreachable without the image.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] if the file is not a supported image;
    /// [`Error::Taken`] if an image with other bytes has the source path.
    pub async fn upload(
        &self,
        caller: &Caller,
        file: ImageUpload,
        description: ImageMetadata,
    ) -> Result<UploadedImage> {
        caller.require(Permission::UploadImages)?;
        let id = ImageId::new(self.ids.next());
        self.create(caller, id, file, description).await
    }

    pub(super) async fn create(
        &self,
        caller: &Caller,
        id: ImageId,
        file: ImageUpload,
        description: ImageMetadata,
    ) -> Result<UploadedImage> {
        let kept = file.keep(id, self.workers.as_ref()).await?;
        let image = new_image(&kept, description, caller.user_id, self.clock.now());
        let uploaded = match self.insert(caller, &image, &kept.bytes).await? {
            None => UploadedImage {
                image,
                is_new: true,
            },
            Some(holder) => self.known(image, holder).await?,
        };
        drop(kept);
        // Also after a repeated upload, because the first one may have failed before this step.
        if let Some(path) = &uploaded.image.source_path {
            self.listener.image_uploaded(path).await?;
        }
        Ok(uploaded)
    }

    /// Inserts an image. Stores its bytes again if they were removed since they were stored. Returns the holder of its
    /// name if there is one.
    async fn insert(
        &self,
        caller: &Caller,
        image: &Image,
        bytes: &Bytes,
    ) -> Result<Option<ImageFile>> {
        let mut removal: Option<ByteRemoval> = None;
        for _ in 0..MAX_REMOVALS {
            let (ids, now) = (self.ids.as_ref(), image.created_at);
            let context = caller.context(AuditAction::UploadImage, ids, now);
            let inserted = self.store.insert(&context, image, removal.as_ref()).await?;
            let found = match inserted {
                InsertOutcome::Inserted => return Ok(None),
                InsertOutcome::Exists(holder) => return Ok(Some(holder)),
                InsertOutcome::BytesRemoved(found) => found,
            };
            if !found.is_over(self.clock.now()) {
                return Err(Error::Contended);
            }
            let mut draft = self.objects.begin().await?;
            draft.write(bytes.clone()).await?;
            draft.keep(&image.file.sha256).await?;
            removal = Some(found);
        }
        Err(Error::Contended)
    }

    /// Returns the existing image of a repeated upload. Fails if it has other bytes.
    async fn known(&self, image: Image, holder: ImageFile) -> Result<UploadedImage> {
        match image.source_path {
            Some(path)
                if holder.sha256 != image.file.sha256
                    && holder.uploaded() != image.file.uploaded() =>
            {
                Err(Error::Taken {
                    unique: Unique::SourcePath(path),
                    holder: None,
                })
            }
            _ => Ok(UploadedImage {
                image: self.get(holder.id).await?,
                is_new: false,
            }),
        }
    }
}

/// The first version of an image.
fn new_image(
    kept: &KeptFile,
    description: ImageMetadata,
    owner_id: UserId,
    now: Timestamp,
) -> Image {
    let ImageMetadata {
        alt,
        caption,
        credit,
        name,
        source_path,
    } = description;
    Image {
        file: kept.file,
        look: kept.look.clone(),
        alt,
        caption,
        credit,
        name,
        focal_point: None,
        source_path,
        trash: None,
        owner_id,
        created_at: now,
        updated_at: now,
        version: Version::FIRST,
    }
}
