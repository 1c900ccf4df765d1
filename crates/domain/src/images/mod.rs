//! Images: files that posts show, and what is said of them.

mod facts;
mod image;
mod incoming;
mod store;

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};

pub use facts::{MAX_PIXELS, MediaType};
pub use image::{Description, Image, ImagePatch, Picture};
pub use incoming::Incoming;
pub use store::{Arrivals, Claimed, ImageStore, ObjectDraft, ObjectReader, ObjectStore};

use crate::{access::{Caller, Permission}, audit::AuditAction, clock::{Clock, Ids}, error::{Error, Resource, Result, Unique}, page::{Page, PageRequest}, values::{ImageId, SourcePath, Version, VersionTag}, writes::WriteOutcome};

/// The use cases around images.
#[derive(Clone)]
pub struct Images {
    store: Arc<dyn ImageStore>,
    objects: Arc<dyn ObjectStore>,
    arrivals: Arc<dyn Arrivals>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// What an upload led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The image.
    pub image: Image,
    /// False when the same bytes had come from the same place before.
    pub is_new: bool,
}

impl Images {
    /// The use cases over a store for what is said of images and one for their bytes.
    #[must_use]
    pub fn new(
        store: Arc<dyn ImageStore>,
        objects: Arc<dyn ObjectStore>,
        arrivals: Arc<dyn Arrivals>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            store,
            objects,
            arrivals,
            clock,
            ids,
        }
    }

    /// Begins an upload, for whoever may make one.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn receive(&self, caller: &Caller) -> Result<Incoming> {
        caller.require(Permission::UploadImages)?;
        Ok(Incoming::new(self.objects.begin().await?))
    }

    /// Makes an image of a file that has come in whole.
    ///
    /// The same bytes from the same path, or twice without a path, are one image, which stays as
    /// it is. The same bytes from two paths are two images that share the bytes. The bytes are
    /// kept first: without the image nothing leads to them.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] when the file is no image that is kept here;
    /// [`Error::Taken`] when an image of other bytes came from the path.
    pub async fn upload(
        &self,
        caller: &Caller,
        file: Incoming,
        description: Description,
    ) -> Result<Uploaded> {
        caller.require(Permission::UploadImages)?;
        let picture = file.keep(ImageId::new(self.ids.next())).await?;
        let now = self.clock.now();
        let Description { alt, source_path } = description;
        let image = Image {
            picture,
            alt,
            source_path,
            owner_id: caller.user_id,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        let context = caller.context(AuditAction::UploadImage, self.ids.as_ref(), now);
        let uploaded = match self.store.insert(&context, &image).await? {
            Claimed::Done => Uploaded {
                image,
                is_new: true,
            },
            Claimed::Held(holder) => self.known(image, holder).await?,
        };
        // A repeated upload may be one whose answer was lost before this was done.
        if let Some(path) = &uploaded.image.source_path {
            self.arrivals.arrived(path).await?;
        }
        Ok(uploaded)
    }

    /// The image that an upload repeated.
    async fn known(&self, image: Image, holder: Picture) -> Result<Uploaded> {
        match image.source_path {
            Some(path) if holder.sha256 != image.picture.sha256 => Err(Error::Taken {
                unique: Unique::SourcePath(path),
                holder: None,
            }),
            _ => Ok(Uploaded {
                image: self.get(holder.id).await?,
                is_new: false,
            }),
        }
    }

    /// An image, for everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: ImageId) -> Result<Image> {
        self.store
            .find(id)
            .await?
            .ok_or(Error::NotFound(Resource::Image))
    }

    /// Those of these images that are there, as of a moment ago, in the order of their ids.
    pub async fn get_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>> {
        let mut found = self.store.find_many(ids).await?;
        found.sort_unstable_by_key(|image| image.picture.id);
        Ok(found)
    }

    /// The image that came from a path, in whatever letter case there is only one of.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn get_by_path(&self, caller: &Caller, path: SourcePath) -> Result<Option<Image>> {
        caller.require(Permission::ReadPosts)?;
        let found = self.locate(std::slice::from_ref(&path)).await?;
        match found.get(&path) {
            Some(picture) => self.store.find(picture.id).await,
            None => Ok(None),
        }
    }

    /// The images that came from these paths, for whoever writes them into a page. Paths that
    /// nothing came from are left out.
    pub async fn locate(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, Picture>> {
        self.store.find_by_paths(paths).await
    }

    /// Images, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Image>> {
        caller.require(Permission::ReadPosts)?;
        self.store.list(self.clock.now(), page).await
    }

    /// Changes what is said of an image. Anybody's is for those who edit anybody's posts.
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
        caller.require_for(
            before.owner_id,
            Permission::UploadImages,
            Permission::EditAnyPosts,
        )?;
        if before.version != base.version {
            return Err(Error::Outdated(before.version));
        }
        let now = self.clock.now();
        let after = Image {
            alt: patch.alt.unwrap_or_else(|| before.alt.clone()),
            updated_at: now,
            version: before.version.next(),
            ..before.clone()
        };
        let context = caller.context(AuditAction::UpdateImage, self.ids.as_ref(), now);
        match self.store.update(&context, &before, &after).await? {
            WriteOutcome::Applied => Ok(after),
            WriteOutcome::Conflict => Err(Error::Outdated(self.get(id).await?.version)),
        }
    }

    /// Opens a stretch of an image's bytes, which must lie within them.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the image is there and its bytes are not.
    pub async fn open(
        &self,
        picture: &Picture,
        stretch: Range<u64>,
    ) -> Result<Box<dyn ObjectReader>> {
        let found = self.objects.open(&picture.sha256, stretch).await?;
        found.ok_or_else(|| Error::Corrupt {
            what: format!("object {}", picture.sha256),
            source: "it is not there".into(),
        })
    }
}
