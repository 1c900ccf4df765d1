//! Images: files and their metadata.

mod create;
mod crop;
mod direct;
mod filter;
mod image;
mod media_type;
mod removal;
mod rendition;
mod serving;
mod store;
mod sweep;
mod trash;
mod trash_stay;
mod upload;
mod uses;
mod work;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

pub use crop::{Area, Crop, CropRatio};
pub use direct::{DirectUpload, ExpectedFile, ExpectedUpload, ReceivedName, SignedRequest};
pub use filter::ImageFilter;
pub use image::{Image, ImageFile, ImageMetadata, ImagePatch};
pub use media_type::MediaType;
pub use removal::{ByteRemoval, ByteRemovalStore};
pub use rendition::{ImageRendition, RENDITION_WIDTHS};
pub use store::{
    ImageFileReader, ImageFileStore, ImageFileWriter, ImageStore, InsertOutcome, OpenedRendition,
    STORED_PAGE, StoredFile, StoredKind, StoredObject, UploadListener,
};
pub use sweep::ImageSweep;
pub use trash_stay::{TRASH_GRACE, TrashStay};
pub use upload::ImageUpload;
pub use uses::{ImageName, ImagePlace, ImageUse, ImageUseStore, ImageUses, UseRecording};
pub use work::{IMAGE_HEAD, ImageJob, ImageWorkers, Look, PreparedImage};

use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    page::{Page, PageRequest},
    values::{Digest, ImageId, SourcePath, Timestamp, VersionTag},
    writes::{WriteContext, WriteOutcome},
};

/// Use cases of images.
#[derive(Clone)]
pub struct Images {
    store: Arc<dyn ImageStore>,
    objects: Arc<dyn ImageFileStore>,
    workers: Arc<dyn ImageWorkers>,
    listener: Arc<dyn UploadListener>,
    uses: Arc<dyn ImageUses>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The dependencies of [`Images`].
pub struct ImagePorts {
    /// The metadata.
    pub store: Arc<dyn ImageStore>,
    /// The bytes.
    pub objects: Arc<dyn ImageFileStore>,
    /// The work on the bytes.
    pub workers: Arc<dyn ImageWorkers>,
    /// Receives uploads.
    pub listener: Arc<dyn UploadListener>,
    /// Finds the posts that use an image.
    pub uses: Arc<dyn ImageUses>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
}

/// Result of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedImage {
    /// The image.
    pub image: Image,
    /// False if the same bytes were uploaded with the same source path before.
    pub is_new: bool,
}

impl Images {
    /// Creates the use cases.
    #[must_use]
    pub fn new(ports: ImagePorts) -> Self {
        let ImagePorts {
            store,
            objects,
            workers,
            listener,
            uses,
            clock,
            ids,
        } = ports;
        Self {
            store,
            objects,
            workers,
            listener,
            uses,
            clock,
            ids,
        }
    }

    /// Starts an upload. Requires the permission to upload.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn receive(&self, caller: &Caller) -> Result<ImageUpload> {
        caller.require(Permission::UploadImages)?;
        Ok(ImageUpload::new(self.objects.begin().await?))
    }

    /// Returns an image that is not in the trash. Public.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: ImageId) -> Result<Image> {
        self.get_for(None, id).await
    }

    /// Returns an image, also one in the trash if the caller may read posts.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get_for(&self, caller: Option<&Caller>, id: ImageId) -> Result<Image> {
        let image = self.find(id).await?;
        let sees_trash = caller.is_some_and(|caller| caller.may(Permission::ReadPosts));
        if image.trash.is_none() || sees_trash {
            Ok(image)
        } else {
            Err(Error::NotFound(Resource::Image))
        }
    }

    /// The context of a write in the background.
    fn background_context(&self, action: AuditAction, at: Timestamp) -> WriteContext {
        WriteContext {
            id: self.ids.next(),
            actor: None,
            key: None,
            action,
            at,
            request_id: String::new(),
            idempotency: None,
            step: None,
        }
    }

    /// Returns the images outside of the trash among `ids`, in the order of their ids. Eventually consistent.
    pub async fn get_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>> {
        let mut found = self.store.find_many(ids).await?;
        found.retain(|image| image.trash.is_none());
        found.sort_unstable_by_key(|image| image.file.id);
        Ok(found)
    }

    /// Returns the oldest image with these bytes, as stored or as uploaded, that is not in the trash.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get_by_digest(&self, caller: &Caller, digest: &Digest) -> Result<Image> {
        caller.require(Permission::ReadPosts)?;
        for id in self.store.find_by_digest(digest).await? {
            let found = self.store.find(id).await?;
            if let Some(image) = found.filter(|image| image.trash.is_none()) {
                return Ok(image);
            }
        }
        Err(Error::NotFound(Resource::Image))
    }

    /// Returns the image with a source path. Letter case is ignored if only one image matches.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn get_by_path(&self, caller: &Caller, path: SourcePath) -> Result<Option<Image>> {
        caller.require(Permission::ReadPosts)?;
        let found = self.locate(std::slice::from_ref(&path)).await?;
        match found.get(&path) {
            Some(image_file) => self.store.find(image_file.id).await,
            None => Ok(None),
        }
    }

    /// Returns the images with these source paths. Paths without an
    /// image are omitted.
    pub async fn locate(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, ImageFile>> {
        self.store.find_by_paths(paths).await
    }

    /// Lists images, the newest first. A page can be short or empty although more images follow.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`]; [`Error::Busy`] if only unused images are wanted while the uses of
    /// earlier posts are being recorded.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: &ImageFilter,
        page: &PageRequest,
    ) -> Result<Page<Image>> {
        caller.require(Permission::ReadPosts)?;
        let found = self.store.list(self.clock.now(), filter, page).await?;
        if filter.unused {
            self.unused(found).await
        } else {
            Ok(found)
        }
    }

    /// Lists the posts that use an image, the newest first. A page can be short or empty although more posts
    /// follow.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::BadCursor`]; [`Error::Busy`] while the uses of earlier
    /// posts are being recorded.
    pub async fn list_uses(
        &self,
        caller: &Caller,
        id: ImageId,
        page: &PageRequest,
    ) -> Result<Page<ImageUse>> {
        caller.require(Permission::ReadPosts)?;
        self.uses.list_uses(&self.find(id).await?, page).await
    }

    /// Updates an image's metadata. Images of other users require the permission to edit all posts.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Outdated`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: ImageId,
        base: VersionTag,
        patch: ImagePatch,
    ) -> Result<Image> {
        let before = self.get(id).await?;
        before.require_update(caller)?;
        if before.version != base.version {
            return Err(Error::Outdated(before.version));
        }
        let now = self.clock.now();
        let after = Image {
            alt: patch.alt.unwrap_or_else(|| before.alt.clone()),
            caption: patch.caption.unwrap_or_else(|| before.caption.clone()),
            credit: patch.credit.unwrap_or_else(|| before.credit.clone()),
            focal_point: patch.focal_point.unwrap_or(before.focal_point),
            updated_at: now,
            version: before.version.next(),
            ..before.clone()
        };
        let context = caller.context(AuditAction::UpdateImage, self.ids.as_ref(), now);
        match self.store.update(&context, &before, &after).await? {
            WriteOutcome::Applied => Ok(after),
            WriteOutcome::Conflict => Err(self.outdated(id).await),
        }
    }
}
