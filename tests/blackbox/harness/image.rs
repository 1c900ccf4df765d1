//! Distinct images of minimal size.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use reqwest::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Answer,
    client::{Call, Client},
    unique,
};

/// A GIF of one pixel, made unique by its colours.
pub(crate) fn gif() -> Vec<u8> {
    let mut hasher = DefaultHasher::new();
    unique("pixel").hash(&mut hasher);
    let colors = hasher.finish().to_le_bytes();
    [
        // Version, 1 × 1 pixels, a table of two colours.
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00".as_slice(),
        &colors[..6],
        // Image descriptor, compressed pixel, trailer.
        b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b",
    ]
    .concat()
}

impl Call {
    /// A multipart form with a file and other fields
    /// ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).
    pub(crate) fn form(self, file: &[u8], fields: &[(&str, &str)]) -> Self {
        const BOUNDARY: &str = "tintero-blackbox-boundary";
        let mut body = vec![];
        let mut part = |head: &str, value: &[u8]| {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend([head.as_bytes(), value, b"\r\n"].concat());
        };
        for (name, value) in fields {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        part("name=\"file\"; filename=\"any.bin\"", file);
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}

/// Returns a PNG of 400 × 4 pixels, which is different each time.
pub(crate) fn wide_png() -> Vec<u8> {
    let mut hasher = DefaultHasher::new();
    unique("pixel").hash(&mut hasher);
    let [red, green, blue, ..] = hasher.finish().to_le_bytes();
    let picture = image::RgbImage::from_pixel(400, 4, image::Rgb([red, green, blue]));
    let mut file = std::io::Cursor::new(Vec::new());
    let written = picture.write_to(&mut file, image::ImageFormat::Png);
    written.expect("a picture in memory is written");
    file.into_inner()
}

impl Client {
    /// Announces a file.
    pub(crate) fn announce(&self, file: &[u8]) -> Call {
        let sha256 = hex::encode(Sha256::digest(file));
        self.post("/v1/image-uploads").json(&json!({
            "media_type": "image/gif",
            "bytes": file.len(),
            "sha256": sha256,
        }))
    }

    /// The request that sends an announced file.
    pub(crate) fn send_announced(&self, announced: &Answer, file: &[u8]) -> Call {
        let url = announced.json()["url"].as_str().unwrap().to_owned();
        self.call(Method::PUT, &url)
            .body("application/octet-stream", file)
    }

    /// Announces and sends a file. Returns the path that completes the upload.
    pub(crate) async fn receive(&self, file: &[u8]) -> String {
        let announced = self.announce(file).send().await.is(200);
        self.send_announced(&announced, file).send().await.is(204);
        let id = announced.json()["id"].as_str().unwrap().to_owned();
        format!("/v1/image-uploads/{id}/complete")
    }
}
