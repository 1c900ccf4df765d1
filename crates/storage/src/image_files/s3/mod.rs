//! Stores the bytes of images in S3, or in another store with its protocol.

mod bucket;
mod identity;
mod listing;
mod location;
mod reader;
mod signature;

use std::{ops::Range, sync::Arc};

use async_trait::async_trait;
use aws_config::SdkConfig;
use bytes::Bytes;
use reqwest::{Method, Response, header};
use tintero_domain::{
    Result,
    clock::Clock,
    images::{
        ExpectedFile, ImageFile, ImageFileReader, ImageFileStore, ImageFileWriter, ImageRendition,
        OpenedRendition, ReceivedName, STORED_PAGE, SignedRequest, StoredFile, StoredKind,
        StoredObject,
    },
    values::{Digest, Timestamp},
};

pub use self::location::S3Location;
use self::{
    bucket::{Bucket, S3Request},
    identity::S3Identity,
    listing::ListedKeys,
    reader::S3FileReader,
};
use super::{FolderImageFileStore, unavailable};

/// Stores bytes as objects `objects/ab/cdef…` of a bucket, which several servers can share, renditions as objects
/// `renditions/ab/cdef…`, and received files as objects `received/…`, which a lifecycle rule of the bucket should expire.
///
/// Uploads through the server are collected in a folder. S3 verifies the digest of each object that it stores.
#[derive(Debug, Clone)]
pub struct S3ImageFileStore {
    bucket: Arc<Bucket>,
    unfinished: FolderImageFileStore,
}

impl S3ImageFileStore {
    /// A store in a bucket. Credentials come from the default chain of the SDK, as for DynamoDB:
    /// environment, shared configuration files, container and instance roles.
    ///
    /// # Errors
    /// A sentence that names the missing setting.
    pub async fn open(
        location: S3Location,
        unfinished: FolderImageFileStore,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        Self::with_config(location, &config, unfinished, clock)
    }

    /// A store in a bucket with the credentials of this configuration.
    ///
    /// # Errors
    /// A sentence that names the missing setting.
    pub fn with_config(
        location: S3Location,
        config: &SdkConfig,
        unfinished: FolderImageFileStore,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let credentials = config.credentials_provider();
        let credentials = credentials.ok_or("no AWS credentials are configured")?;
        let location = location.resolve(config)?;
        let bucket = Bucket::new(location, S3Identity::new(credentials), clock)?;
        Ok(Self {
            bucket: Arc::new(bucket),
            unfinished,
        })
    }

    /// Requests a list of one object, which fails if the bucket or the credentials are wrong.
    ///
    /// # Errors
    /// [`Unavailable`](tintero_domain::Error::Unavailable).
    pub async fn check(&self) -> Result<()> {
        let folder = self.folder(StoredKind::Object);
        self.keys(&folder, None, 1).await.map(drop)
    }

    /// The prefix of the keys of a kind.
    fn folder(&self, kind: StoredKind) -> String {
        let folder = match kind {
            StoredKind::Object => "objects",
            StoredKind::Rendition => "renditions",
            StoredKind::Received => "received",
        };
        format!("{}{folder}/", self.bucket.prefix())
    }

    /// The part of the URL of an object after the bucket.
    fn target(&self, digest: &Digest) -> String {
        let name = digest.stored_name();
        format!("/{}{name}", self.folder(StoredKind::Object))
    }

    /// The part of the URL of a rendition after the bucket.
    fn rendition_target(&self, rendition: &ImageRendition) -> String {
        let name = rendition.stored_name();
        format!("/{}{name}", self.folder(StoredKind::Rendition))
    }

    /// The part of the URL of a received file after the bucket.
    fn received_target(&self, name: &ReceivedName) -> String {
        let name = name.stored_name();
        format!("/{}{name}", self.folder(StoredKind::Received))
    }

    /// Opens a whole object, and returns its length.
    async fn open_whole(&self, target: String) -> Result<Option<(S3FileReader, u64)>> {
        let request = S3Request::new(Method::GET, target);
        let Some(response) = self.bucket.send(&request).await? else {
            return Ok(None);
        };
        let left = length_of(&response)?;
        let received = Bytes::new();
        let reader = S3FileReader {
            response,
            received,
            left,
        };
        Ok(Some((reader, left)))
    }

    /// Stores an object. S3 verifies its digest.
    async fn put(&self, target: String, body: Bytes, payload: Digest) -> Result<()> {
        let request = S3Request {
            body,
            payload,
            ..S3Request::new(Method::PUT, target)
        };
        match self.bucket.send(&request).await? {
            Some(_) => Ok(()),
            None => Err(unavailable("the bucket does not exist")),
        }
    }

    async fn keys(&self, folder: &str, after: Option<&str>, most: usize) -> Result<ListedKeys> {
        let request = S3Request::new(Method::GET, listing(folder, after, most));
        let response = self.bucket.send(&request).await?;
        let response = response.ok_or_else(|| unavailable("the bucket has no list"))?;
        let xml = response.text().await.map_err(unavailable)?;
        ListedKeys::parse(&xml).map_err(unavailable)
    }
}

/// The part of the URL of a list after the bucket.
fn listing(folder: &str, after: Option<&str>, most: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::for_suffix("/?".to_owned(), 2);
    query.append_pair("list-type", "2");
    query.append_pair("max-keys", &most.to_string());
    query.append_pair("prefix", folder);
    if let Some(after) = after {
        query.append_pair("start-after", after);
    }
    query.finish()
}

#[async_trait]
impl ImageFileStore for S3ImageFileStore {
    async fn begin(&self) -> Result<Box<dyn ImageFileWriter>> {
        Ok(Box::new(S3FileWriter {
            store: self.clone(),
            draft: self.unfinished.begin().await?,
        }))
    }

    async fn open(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn ImageFileReader>>> {
        let left = range.end.saturating_sub(range.start);
        let mut request = S3Request::new(Method::HEAD, self.target(digest));
        if left > 0 {
            request.method = Method::GET;
            request.range = Some(format!("bytes={}-{}", range.start, range.end - 1));
        }
        let response = self.bucket.send(&request).await?;
        Ok(response.map(|response| -> Box<dyn ImageFileReader> {
            Box::new(S3FileReader {
                response,
                received: Bytes::new(),
                left,
            })
        }))
    }

    async fn length(&self, digest: &Digest) -> Result<Option<u64>> {
        let request = S3Request::new(Method::HEAD, self.target(digest));
        let Some(response) = self.bucket.send(&request).await? else {
            return Ok(None);
        };
        length_of(&response).map(Some)
    }

    async fn list(&self, after: Option<&Digest>) -> Result<Vec<StoredObject>> {
        let folder = self.folder(StoredKind::Object);
        let mut after = after.map(|digest| format!("{folder}{}", digest.stored_name()));
        // A page with no object has only foreign keys.
        loop {
            let listed = self.keys(&folder, after.as_deref(), STORED_PAGE).await?;
            let objects = listed.objects(&folder);
            after = listed.next().map(ToOwned::to_owned);
            if after.is_none() || !objects.is_empty() {
                return Ok(objects);
            }
        }
    }

    async fn list_files(&self, kind: StoredKind, after: Option<&str>) -> Result<Vec<StoredFile>> {
        let folder = self.folder(kind);
        let after = after.map(|name| format!("{folder}{name}"));
        let listed = self.keys(&folder, after.as_deref(), STORED_PAGE).await?;
        Ok(listed.files(&folder))
    }

    async fn remove_file(&self, kind: StoredKind, name: &str) -> Result<()> {
        let target = format!("/{}{name}", self.folder(kind));
        let request = S3Request::new(Method::DELETE, target);
        self.bucket.send(&request).await.map(drop)
    }

    async fn open_rendition(&self, rendition: &ImageRendition) -> Result<Option<OpenedRendition>> {
        let opened = self.open_whole(self.rendition_target(rendition)).await?;
        Ok(opened.map(|(reader, bytes)| OpenedRendition {
            bytes,
            reader: Box::new(reader),
        }))
    }

    async fn keep_rendition(&self, rendition: &ImageRendition, bytes: Bytes) -> Result<()> {
        let payload = Digest::of(&bytes);
        self.put(self.rendition_target(rendition), bytes, payload)
            .await
    }

    async fn upload_request(&self, file: &ExpectedFile) -> Result<Option<SignedRequest>> {
        let target = self.received_target(&file.name);
        self.bucket.presigned_put(&target, file).await.map(Some)
    }

    async fn download_url(
        &self,
        file: &ImageFile,
        expires_at: Timestamp,
    ) -> Result<Option<String>> {
        // Objects are stored without a type.
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("response-content-type", file.media_type.as_str())
            .finish();
        let target = format!("{}?{query}", self.target(&file.sha256));
        self.bucket
            .presigned_get(&target, expires_at)
            .await
            .map(Some)
    }

    fn upload_origin(&self) -> Option<String> {
        Some(self.bucket.origin())
    }

    async fn open_received(&self, name: &ReceivedName) -> Result<Option<Box<dyn ImageFileReader>>> {
        let opened = self.open_whole(self.received_target(name)).await?;
        Ok(opened.map(|(reader, _)| -> Box<dyn ImageFileReader> { Box::new(reader) }))
    }

    async fn remove_received(&self, name: &ReceivedName) -> Result<()> {
        let request = S3Request::new(Method::DELETE, self.received_target(name));
        self.bucket.send(&request).await.map(drop)
    }
}

fn length_of(response: &Response) -> Result<u64> {
    let length = response.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.ok_or_else(|| unavailable("S3 answered without a length"))
}

struct S3FileWriter {
    store: S3ImageFileStore,
    draft: Box<dyn ImageFileWriter>,
}

#[async_trait]
impl ImageFileWriter for S3FileWriter {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.draft.write(piece).await
    }

    async fn read(&mut self) -> Result<Bytes> {
        self.draft.read().await
    }

    async fn replace(&mut self, bytes: Bytes) -> Result<()> {
        self.draft.replace(bytes).await
    }

    async fn keep(mut self: Box<Self>, digest: &Digest) -> Result<()> {
        let body = self.draft.read().await?;
        let Self { store, .. } = *self;
        store.put(store.target(digest), body, *digest).await
    }

    async fn keep_received(mut self: Box<Self>, name: &ReceivedName) -> Result<()> {
        let body = self.draft.read().await?;
        let payload = Digest::of(&body);
        let Self { store, .. } = *self;
        store.put(store.received_target(name), body, payload).await
    }
}
