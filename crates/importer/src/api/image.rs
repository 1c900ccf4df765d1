use std::{io, path::PathBuf};

use percent_encoding::percent_decode_str;
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde::Deserialize;
use tokio::fs::File;

use super::{Answer, Client, send::Request};

/// An image as the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Image {
    pub(crate) id: String,
    /// Of its bytes, in lower-case hexadecimal.
    pub(crate) sha256: String,
    #[serde(default)]
    source_path: Option<String>,
}

/// A file to make an image of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) file: PathBuf,
    pub(crate) source_path: String,
    pub(crate) alt: Option<String>,
}

impl Upload {
    /// The form to send. The file is read while it is sent, and never held as a whole.
    pub(super) async fn form(&self) -> io::Result<Form> {
        let file = File::open(&self.file).await?;
        let length = file.metadata().await?.len();
        // The server reads the kind of an image from its bytes, and its place from `source_path`.
        let part = Part::stream_with_length(Body::from(file), length).file_name("file");
        let form = Form::new().text("source_path", self.source_path.clone());
        let form = match &self.alt {
            Some(alt) => form.text("alt", alt.clone()),
            None => form,
        };
        Ok(form.part("file", part))
    }
}

#[derive(Deserialize)]
struct Found {
    items: Vec<Image>,
}

impl Client {
    /// The image that came from this path.
    pub(crate) async fn image(&self, source_path: &str) -> Answer<Option<Image>> {
        let mut url = self.below(&["images"]);
        url.query_pairs_mut()
            .append_pair("source_path", source_path);
        let reply = self.send(&Request::new(Method::GET, url)).await?;
        let Found { items } = self.json(&reply)?;
        // Where there is none, the server shows one whose path differs in letter case alone.
        let decoded = percent_decode_str(source_path).decode_utf8_lossy();
        let is_it = |image: &Image| {
            let path = image.source_path.as_deref();
            path.is_none_or(|path| path == source_path || path == decoded)
        };
        Ok(items.into_iter().find(is_it))
    }

    /// Uploads a file. The same file from the same path is the same image.
    pub(crate) async fn upload(&self, upload: Upload) -> Answer<Image> {
        let request = Request::new(Method::POST, self.below(&["images"]));
        let reply = self.send(&request.upload(upload)).await?;
        self.json(&reply)
    }
}
