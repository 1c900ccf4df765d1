//! What images need of the outside: a place for what is said of them, and one for their bytes.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Image, Picture};
use crate::{error::Result, page::{Page, PageRequest}, values::{Digest, ImageId, SourcePath, Timestamp}, writes::{WriteContext, WriteOutcome}};

/// Keeps what is said of images. Each writing method is atomic, with its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait ImageStore: Send + Sync {
    /// Adds an image with its claim: on its source path or, where it has none, on its digest.
    async fn insert(&self, context: &WriteContext, image: &Image) -> Result<Claimed>;

    /// Replaces an image by its next version.
    async fn update(&self, context: &WriteContext, before: &Image, after: &Image) -> Result<WriteOutcome>;

    /// An image, read consistently.
    async fn find(&self, id: ImageId) -> Result<Option<Image>>;

    /// Those of these images that are there, as of a moment ago, in no order.
    async fn find_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>>;

    /// The images that came from these paths, read consistently: in one request as long as there
    /// are at most 100 paths and each is spelled as it was at the upload.
    ///
    /// A path that nothing came from also stands for the one image whose path differs from it in
    /// letter case alone; where there are several such images, for none. Others are left out.
    async fn find_by_paths(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, Picture>>;

    /// Images, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Image>>;
}

/// Told of images that came, because something may wait for them.
#[async_trait]
pub trait Arrivals: Send + Sync {
    /// An image came from this path, and can be found.
    async fn arrived(&self, path: &SourcePath) -> Result<()>;
}

/// How an insertion ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Claimed {
    /// The image is there.
    Done,
    /// Its claim belongs to this image; nothing was written.
    Held(Picture),
}

/// Keeps the bytes of images under their digests. What is kept never changes.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot answer
/// or has no room.
#[async_trait]
pub trait ObjectStore: Send + Sync {
    /// Begins an object whose digest is known only at its end.
    async fn begin(&self) -> Result<Box<dyn ObjectDraft>>;

    /// Opens a stretch of an object, which must lie within it; `None` when there is no such object.
    async fn open(
        &self,
        digest: &Digest,
        stretch: Range<u64>,
    ) -> Result<Option<Box<dyn ObjectReader>>>;
}

/// An object that is being written. Nobody sees it before it is kept; dropped, it is gone.
#[async_trait]
pub trait ObjectDraft: Send {
    /// Adds bytes at the end.
    async fn write(&mut self, piece: Bytes) -> Result<()>;

    /// Makes the bytes durable under their digest, which the caller has worked out. Bytes that
    /// are kept already stay as they are.
    async fn keep(self: Box<Self>, digest: &Digest) -> Result<()>;
}

/// A stretch of an object that is being read.
#[async_trait]
pub trait ObjectReader: Send {
    /// The next bytes, a small number of them; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>>;
}
