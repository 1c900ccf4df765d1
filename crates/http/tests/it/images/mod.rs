//! Images: upload, metadata and files.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod described;
mod hostile;
mod served;
mod uploads;

use serde_json::Value;

use crate::{
    call::{Answer, Call},
    site::Site,
};

const BOUNDARY: &str = "ein.Rand";

/// A form of an upload.
struct Form(Vec<u8>);

impl Form {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn field(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_ref())
    }

    /// Adds a file with an irrelevant name.
    fn file(self, bytes: impl AsRef<[u8]>) -> Self {
        let head =
            "name=\"file\"; filename=\"../../etc/passwd.svg\"\r\nContent-Type: image/svg+xml";
        self.part(head, bytes.as_ref())
    }

    fn part(mut self, head: &str, value: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend(head.as_bytes());
        self.0.extend(value);
        self.0.extend(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    async fn sent(self, site: &Site, token: &str) -> Answer {
        sent(site, token, self.end()).await
    }
}

/// Sends a body with the media type of a form.
async fn sent(site: &Site, token: &str, body: Vec<u8>) -> Answer {
    let media_type = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
    let call = Call::post("/v1/images").signed(token);
    call.bytes(&media_type, body).to(site).await
}

/// Returns a PNG of height 1. The width distinguishes images. It has no image data, because the data
/// is not decoded.
fn png(width: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 8, 6, 0, 0, 0]);
    bytes
}

/// Returns a JPEG of a size with this many bytes after its header.
fn jpeg(width: u16, height: u16, length: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xc0\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x11\0\x02\x11\0\x03\x11\0");
    bytes.extend((0..length).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

/// Uploads an image of width 1.
pub(crate) async fn uploaded(site: &Site, token: &str) -> Answer {
    Form::new().file(png(1)).sent(site, token).await
}

/// Uploads an image.
async fn an_image(site: &Site, token: &str, width: u32, path: &str) -> Value {
    let form = Form::new().file(png(width)).field("source_path", path);
    let answer = form.sent(site, token).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body
}
