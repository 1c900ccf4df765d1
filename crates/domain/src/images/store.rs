//! Ports of images: the metadata store and the object store.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    ByteRemoval, ByteRemovalStore, ExpectedFile, Image, ImageFile, ImageFilter, ImageRendition,
    ImageUseStore, ReceivedName, SignedRequest,
};
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{Digest, ImageId, SourcePath, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

/// Stores image metadata. Each write is atomic, including its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not
/// respond and with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait ImageStore: ImageUseStore + ByteRemovalStore {
    /// Inserts an image and its claim on the source path or, without one, on the digest. Takes away a removal of its
    /// bytes that is over; its bytes must have been stored after that.
    async fn insert(
        &self,
        context: &WriteContext,
        image: &Image,
        over: Option<&ByteRemoval>,
    ) -> Result<InsertOutcome>;

    /// Replaces an image with its next version. Releases its names if it goes to the trash, and claims them if it
    /// leaves the trash.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if another image has its source path or its bytes.
    async fn update(
        &self,
        context: &WriteContext,
        before: &Image,
        after: &Image,
    ) -> Result<WriteOutcome>;

    /// Reads an image consistently.
    async fn find(&self, id: ImageId) -> Result<Option<Image>>;

    /// Reads the existing images among `ids`, in no order. Eventually consistent.
    async fn find_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>>;

    /// Reads the images with these source paths consistently. Takes one request for up to 100 paths
    /// that are spelled as at the upload.
    ///
    /// A path without an image also matches the only image whose path differs in letter case.
    /// Unmatched and ambiguous paths are omitted.
    async fn find_by_paths(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, ImageFile>>;

    /// Returns the first images with these bytes, as stored or as uploaded, also those in the trash. Consistent.
    async fn find_by_digest(&self, digest: &Digest) -> Result<Vec<ImageId>>;

    /// Records the digests of images that earlier versions stored.
    async fn add_digests(&self, images: &[Image]) -> Result<()>;

    /// Lists the images in the trash, those that are deleted last first.
    async fn list_trash(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Image>>;

    /// Returns the first images whose time in the trash has ended at `now`.
    async fn find_purgeable(&self, now: Timestamp, limit: usize) -> Result<Vec<Image>>;

    /// Permanently deletes an image in the trash that still has this version, but not its bytes.
    async fn purge(&self, context: &WriteContext, image: &Image) -> Result<WriteOutcome>;

    /// Lists images that are not in the trash, the newest first. Ignores whether posts use them.
    async fn list(
        &self,
        now: Timestamp,
        filter: &ImageFilter,
        page: &PageRequest,
    ) -> Result<Page<Image>>;
}

/// Receives notifications of uploaded images.
#[async_trait]
pub trait UploadListener: Send + Sync {
    /// An image with this source path was inserted.
    async fn image_uploaded(&self, path: &SourcePath) -> Result<()>;
}

/// Result of an insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum InsertOutcome {
    /// The image was inserted.
    Inserted,
    /// The claim belongs to this existing image. Nothing was written.
    Exists(ImageFile),
    /// The bytes were removed or are being removed. Nothing was written.
    BytesRemoved(ByteRemoval),
}

/// Stores image bytes under their digests. Stored bytes are immutable.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not respond
/// or is full.
#[async_trait]
pub trait ImageFileStore: Send + Sync {
    /// Starts writing an object, whose digest is known only at the end.
    async fn begin(&self) -> Result<Box<dyn ImageFileWriter>>;

    /// Opens a byte range of an object. `None` if the object does not exist.
    async fn open(
        &self,
        digest: &Digest,
        stretch: Range<u64>,
    ) -> Result<Option<Box<dyn ImageFileReader>>>;

    /// Returns the length of an object in bytes, or `None` if it does not exist.
    async fn length(&self, digest: &Digest) -> Result<Option<u64>>;

    /// Lists the objects with digests after `after`, in the order of their digests. Returns at most
    /// [`STORED_PAGE`] of them, and none only at the end.
    async fn list(&self, after: Option<&Digest>) -> Result<Vec<StoredObject>>;

    /// Lists the files of a kind with names after `after`, in the order of their names, with their times. Returns at
    /// most [`STORED_PAGE`] of them, and none only at the end.
    async fn list_files(&self, kind: StoredKind, after: Option<&str>) -> Result<Vec<StoredFile>>;

    /// Removes a file, if it exists.
    async fn remove_file(&self, kind: StoredKind, name: &str) -> Result<()>;

    /// Opens a rendition. `None` if it is not stored.
    async fn open_rendition(&self, rendition: &ImageRendition) -> Result<Option<OpenedRendition>>;

    /// Stores a rendition. It can be made again, so a store may drop it.
    async fn keep_rendition(&self, rendition: &ImageRendition, bytes: Bytes) -> Result<()>;

    /// Signs a request with which a client sends a file to the store. `None` if clients cannot reach the store: the
    /// server then writes the file with [`ImageFileWriter::keep_received`].
    async fn upload_request(&self, _file: &ExpectedFile) -> Result<Option<SignedRequest>> {
        Ok(None)
    }

    /// Returns the origin of signed requests, such as `https://bucket.s3.eu-west-1.amazonaws.com`. `None` if there are none.
    fn upload_origin(&self) -> Option<String> {
        None
    }

    /// Returns a URL from which a client can read an object until `expires_at`. `None` if clients cannot reach the store.
    async fn download_url(
        &self,
        _file: &ImageFile,
        _expires_at: Timestamp,
    ) -> Result<Option<String>> {
        Ok(None)
    }

    /// Opens a received file. `None` if it does not exist.
    async fn open_received(&self, name: &ReceivedName) -> Result<Option<Box<dyn ImageFileReader>>>;

    /// Removes a received file, if it exists. Stores also remove those that are older than a day.
    async fn remove_received(&self, name: &ReceivedName) -> Result<()>;
}

/// A stored rendition.
pub struct OpenedRendition {
    /// Length in bytes; 0 if the file of the image serves as well.
    pub bytes: u64,
    /// Reads the bytes.
    pub reader: Box<dyn ImageFileReader>,
}

/// Maximum number of objects in an answer of [`ImageFileStore::list`].
pub const STORED_PAGE: usize = 1000;

/// An object in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredObject {
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub bytes: u64,
}

/// A kind of stored files. Names are unique within a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredKind {
    /// Bytes of images, with the [name of their digest](Digest::stored_name).
    Object,
    /// Renditions, with the [name of the rendition](ImageRendition::stored_name).
    Rendition,
    /// Received files, with the [name of the upload](ReceivedName::stored_name).
    Received,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Time at which it was stored; `None` if the store does not know it.
    pub stored_at: Option<Timestamp>,
}

/// Writes an object. The object becomes visible on completion, and is removed if the writer is
/// dropped before.
#[async_trait]
pub trait ImageFileWriter: Send {
    /// Appends bytes.
    async fn write(&mut self, piece: Bytes) -> Result<()>;

    /// Returns all bytes.
    async fn read(&mut self) -> Result<Bytes>;

    /// Replaces all bytes.
    async fn replace(&mut self, bytes: Bytes) -> Result<()>;

    /// Makes the bytes durable under their digest, which the caller computes. Existing
    /// bytes are not replaced.
    async fn keep(self: Box<Self>, digest: &Digest) -> Result<()>;

    /// Stores the bytes as a received file. Replaces an existing one.
    async fn keep_received(self: Box<Self>, name: &ReceivedName) -> Result<()>;
}

/// A reader of a byte range.
#[async_trait]
pub trait ImageFileReader: Send {
    /// Returns the next chunk of bytes, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>>;
}
