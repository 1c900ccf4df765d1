use std::{io, path::PathBuf};

use percent_encoding::percent_decode_str;
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde::Deserialize;
use tokio::fs::File;

use super::{ApiResult, Client, send::ApiRequest};

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

impl UploadSource {
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
        let request = ApiRequest::new(Method::POST, self.endpoint(&["images"]));
        let response = self.send(&request.image(upload)).await?;
        self.json(&response)
    }
}
