//! The posts that use an image.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Image;
use crate::{
    error::Result,
    page::{Cursor, Page, PageRequest},
    posts::Post,
    values::{ImageId, PostId, SourcePath, Timestamp},
};

/// A name by which a post refers to an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageName {
    /// Its id: as the featured image, or in the URL of its file.
    Id(ImageId),
    /// Its path in an imported site. The image may not exist yet.
    Path(SourcePath),
}

/// A place of an image in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImagePlace {
    /// The image of the post.
    FeaturedImage,
    /// The body.
    Body,
}

impl ImagePlace {
    /// All places.
    pub const ALL: [Self; 2] = [Self::FeaturedImage, Self::Body];

    /// The name of the place.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FeaturedImage => "featured_image",
            Self::Body => "body",
        }
    }
}

/// A post that uses an image.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageUse {
    /// The working copy.
    pub post: Post,
    /// The places in the working copy.
    pub working: BTreeSet<ImagePlace>,
    /// The places in public copies, also in scheduled and archived ones.
    pub live: BTreeSet<ImagePlace>,
}

/// How far the uses of posts and the digests of images that earlier versions wrote are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UseRecording {
    /// The posts before this position are done.
    Posts(Option<Cursor>),
    /// All posts, and the images before this position are done.
    Images(Option<Cursor>),
    /// All are done.
    Complete,
}

/// Stores which posts may use which images. A post that uses an image is always recorded; a recorded post may
/// not use the image, or not any more.
#[async_trait]
pub trait ImageUseStore: Send + Sync {
    /// Records, before the write of a post, that it may use the images with these names.
    async fn add_uses(
        &self,
        post: PostId,
        names: &BTreeSet<ImageName>,
        at: Timestamp,
    ) -> Result<()>;

    /// Lists the posts that may use an image, the newest first. Consistent.
    async fn list_uses(
        &self,
        image: &Image,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PostId>>;

    /// Forgets that a post may use an image, unless that was recorded at `since` or later.
    async fn forget_use(&self, image: &Image, post: PostId, since: Timestamp) -> Result<()>;

    /// Reads how far the uses of earlier posts are recorded.
    async fn use_recording(&self) -> Result<UseRecording>;

    /// Stores how far the uses of earlier posts are recorded.
    async fn advance_use_recording(&self, state: &UseRecording) -> Result<()>;
}

/// Finds the posts that use an image.
#[async_trait]
pub trait ImageUses: Send + Sync {
    /// Lists the posts that use an image, the newest first. A page can be short or empty although more posts
    /// follow.
    ///
    /// # Errors
    /// [`Busy`](crate::Error::Busy) while the uses of earlier posts are being recorded.
    async fn list_uses(&self, image: &Image, page: &PageRequest) -> Result<Page<ImageUse>>;
}
