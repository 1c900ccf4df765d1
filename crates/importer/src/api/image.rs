use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::fs::File;

use super::{
    ApiError, ApiResult, Client,
    send::{ApiRequest, SignedFile},
};
use crate::text::sha256_of;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RemoteImage {
    pub(crate) id: String,
    /// The digest of the uploaded file. The stored one has no private metadata.
    #[serde(rename = "uploaded_sha256")]
    pub(crate) sha256: String,
    #[serde(default)]
    source_path: Option<String>,
}

/// A file to upload as an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UploadSource {
    pub(crate) file: PathBuf,
    pub(crate) source_path: String,
    pub(crate) alt: Option<String>,
}

/// Size in bytes above which files go to the image store directly. Lambda accepts bodies of 4.5 MB.
const MAX_FORM: u64 = 4 * 1024 * 1024;

impl UploadSource {
    /// Returns the announcement of a large file. `None` if a form serves.
    async fn announcement(&self) -> io::Result<Option<Value>> {
        let length = tokio::fs::metadata(&self.file).await?.len();
        let Some(media_type) = media_type(&self.file).filter(|_| length > MAX_FORM) else {
            return Ok(None);
        };
        let file = self.file.clone();
        let hashed = tokio::task::spawn_blocking(move || sha256_of(std::fs::File::open(file)?));
        let sha256 = hashed.await.map_err(io::Error::other)??;
        let announcement = json!({"media_type": media_type, "bytes": length, "sha256": sha256});
        Ok(Some(announcement))
    }

    /// Returns the multipart form. It streams the file, so the file is never in memory as a whole.
    pub(super) async fn form(&self) -> io::Result<Form> {
        let file = File::open(&self.file).await?;
        let length = file.metadata().await?.len();
        // The server detects the format from the bytes and takes the path from `source_path`.
        let part = Part::stream_with_length(Body::from(file), length).file_name("file");
        let form = Form::new().text("source_path", self.source_path.clone());
        let form = self
            .alt
            .iter()
            .fold(form, |form, alt| form.text("alt", alt.clone()));
        Ok(form.part("file", part))
    }
}

/// How to send an announced file.
#[derive(Deserialize)]
struct Announced {
    id: String,
    url: String,
    headers: BTreeMap<String, String>,
}

/// Returns the media type of a file by its extension.
fn media_type(file: &Path) -> Option<&'static str> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "gif" => Some("image/gif"),
        "webp" => Some("image/webp"),
        "avif" => Some("image/avif"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

#[derive(Deserialize)]
struct ImageList {
    items: Vec<RemoteImage>,
}

impl Client {
    /// Finds the image that was uploaded from this path.
    pub(crate) async fn find_image(&self, source_path: &str) -> ApiResult<Option<RemoteImage>> {
        let mut url = self.endpoint(&["images"]);
        url.query_pairs_mut()
            .append_pair("source_path", source_path);
        let response = self.send(&ApiRequest::new(Method::GET, url)).await?;
        let ImageList { items } = self.json(&response)?;
        // The server matches paths regardless of case, so this compares them exactly.
        let decoded = percent_decode_str(source_path).decode_utf8_lossy();
        let is_exact = |image: &RemoteImage| {
            let path = image.source_path.as_deref();
            path.is_none_or(|path| path == source_path || path == decoded)
        };
        Ok(items.into_iter().find(is_exact))
    }

    /// Uploads a file. Uploading the same file from the same path returns the same image.
    pub(crate) async fn upload_image(&self, upload: UploadSource) -> ApiResult<RemoteImage> {
        if let Some(announcement) = upload.announcement().await.map_err(ApiError::File)? {
            return self.upload_directly(upload, &announcement).await;
        }
        let request = ApiRequest::new(Method::POST, self.endpoint(&["images"]));
        let response = self.send(&request.image(upload)).await?;
        self.json(&response)
    }

    /// Sends a file to the image store.
    async fn upload_directly(
        &self,
        upload: UploadSource,
        announcement: &Value,
    ) -> ApiResult<RemoteImage> {
        let request = ApiRequest::new(Method::POST, self.endpoint(&["image-uploads"]));
        let response = self.send(&request.json(announcement)).await?;
        let Announced { id, url, headers } = self.json(&response)?;
        let url = self.read(&response, |_| {
            let url = self.endpoint(&[]).join(&url);
            url.map_err(serde::de::Error::custom)
        })?;
        let UploadSource {
            file,
            source_path,
            alt,
        } = upload;
        let signed = ApiRequest::new(Method::PUT, url).signed(SignedFile { file, headers });
        self.send(&signed).await?;
        let complete = self.endpoint(&["image-uploads", &id, "complete"]);
        let description = json!({"source_path": source_path, "alt": alt});
        let request = ApiRequest::new(Method::POST, complete).json(&description);
        let response = self.send(&request).await?;
        self.json(&response)
    }
}
