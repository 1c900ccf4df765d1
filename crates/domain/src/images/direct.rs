//! Direct uploads: the store receives the file of the client, and the server examines it afterwards.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Image, ImageFile, ImageFileWriter, ImageMetadata, Images, MediaType, UploadedImage};
use crate::{
    access::{Caller, Permission},
    error::{Error, FieldErrors, Resource, Result},
    values::{Code, Digest, ImageId, Timestamp, UserId},
};

/// A file that a client is allowed to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedFile {
    /// Name of the file until the upload is completed.
    pub name: ReceivedName,
    /// Type that the client declares. The file decides.
    pub media_type: MediaType,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// Time until which the file can be sent.
    pub expires_at: Timestamp,
}

/// The name of a received file. Only its sender can complete the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReceivedName {
    /// The user who sends the file.
    pub sender: UserId,
    /// Id of the upload, and of its image.
    pub id: ImageId,
}

impl ReceivedName {
    /// Name in the store.
    #[must_use]
    pub fn stored_name(&self) -> String {
        let Self { sender, id } = self;
        format!("{sender}-{id}")
    }
}

/// A request with which a client sends a file to the store. Its signature covers the headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// The URL.
    pub url: String,
    /// Names and values of headers that the client must send.
    pub headers: Vec<(String, String)>,
}

/// The start of a direct upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectUpload {
    /// The file to send.
    pub file: ExpectedFile,
    /// The request to the store. `None` if the server receives the file for the store.
    pub request: Option<SignedRequest>,
}

/// An expected file in transfer through the server.
pub struct ExpectedUpload {
    file: ExpectedFile,
    draft: Box<dyn ImageFileWriter>,
    hash: Sha256,
    bytes: u64,
}

impl ExpectedUpload {
    /// Writes the next bytes of the file.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the file is longer than expected; [`Error::Unavailable`].
    pub async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.file.bytes {
            return Err(self.wrong_length());
        }
        self.hash.update(&piece);
        self.draft.write(piece).await
    }

    /// Stores the file until the upload is completed.
    ///
    /// # Errors
    /// [`Error::Invalid`] if length or digest differ from the expected ones; [`Error::Unavailable`].
    pub async fn finish(self) -> Result<()> {
        if self.bytes != self.file.bytes {
            return Err(self.wrong_length());
        }
        let received = Digest::new(self.hash.finalize().into());
        if received != self.file.sha256 {
            let detail = format!("has the SHA-256 {received}, not the announced one");
            return Err(invalid(detail));
        }
        self.draft.keep_received(&self.file.name).await
    }

    fn wrong_length(&self) -> Error {
        invalid(format!(
            "does not have the announced {} bytes",
            self.file.bytes
        ))
    }
}

fn invalid(detail: String) -> Error {
    FieldErrors::one("", Code::Format, detail).into()
}

impl Images {
    /// Validity of a request to the store: 15 minutes.
    pub const REQUEST_LIFETIME: Duration = Duration::from_mins(15);

    /// Starts a direct upload. Stores nothing. Requires the permission to upload.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn expect(
        &self,
        caller: &Caller,
        media_type: MediaType,
        bytes: u64,
        sha256: Digest,
    ) -> Result<DirectUpload> {
        caller.require(Permission::UploadImages)?;
        let file = ExpectedFile {
            name: ReceivedName {
                sender: caller.user_id,
                id: ImageId::new(self.ids.next()),
            },
            media_type,
            bytes,
            sha256,
            expires_at: self.clock.now().after(Self::REQUEST_LIFETIME),
        };
        let request = self.objects.upload_request(&file).await?;
        Ok(DirectUpload { file, request })
    }

    /// Returns a URL of the store from which a client can read an image for [`REQUEST_LIFETIME`](Self::REQUEST_LIFETIME).
    /// `None` if clients cannot reach the store.
    pub async fn download_url(&self, file: &ImageFile) -> Result<Option<String>> {
        let expires_at = self.clock.now().after(Self::REQUEST_LIFETIME);
        self.objects.download_url(file, expires_at).await
    }

    /// Receives an expected file for the store.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is too late.
    pub async fn receive_expected(&self, file: ExpectedFile) -> Result<ExpectedUpload> {
        if file.expires_at <= self.clock.now() {
            return Err(Error::NotFound(Resource::Upload));
        }
        Ok(ExpectedUpload {
            file,
            draft: self.objects.begin().await?,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Creates the image of a direct upload, as [`upload`](Self::upload) does. A repeated call returns the image.
    ///
    /// # Errors
    /// Those of [`upload`](Self::upload); [`Error::NotFound`] if the caller sent no file under this id.
    pub async fn complete(
        &self,
        caller: &Caller,
        id: ImageId,
        description: ImageMetadata,
    ) -> Result<UploadedImage> {
        caller.require(Permission::UploadImages)?;
        let name = ReceivedName {
            sender: caller.user_id,
            id,
        };
        let known = self.store.find(id).await?;
        let is_result = |image: &Image| image.owner_id == caller.user_id && image.trash.is_none();
        let uploaded = match known.filter(is_result) {
            Some(image) => UploadedImage {
                image,
                is_new: false,
            },
            None => self.examine(caller, &name, description).await?,
        };
        // An image that existed before has another id, and a repeated call needs the file to find it.
        if uploaded.image.id() == id {
            self.objects.remove_received(&name).await?;
        }
        Ok(uploaded)
    }

    /// Creates an image from a received file.
    async fn examine(
        &self,
        caller: &Caller,
        name: &ReceivedName,
        description: ImageMetadata,
    ) -> Result<UploadedImage> {
        let received = self.objects.open_received(name).await?;
        let mut reader = received.ok_or(Error::NotFound(Resource::Upload))?;
        let mut file = self.receive(caller).await?;
        while let Some(piece) = reader.next().await? {
            file.write(piece).await?;
        }
        self.create(caller, name.id, file, description).await
    }
}
