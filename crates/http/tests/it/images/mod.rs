//! Images: upload, metadata and files.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod described;
mod direct;
mod hostile;
mod renditions;
mod served;
mod uploads;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
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

/// Returns a black PNG of height 1. The width distinguishes images.
fn png(width: u32) -> Vec<u8> {
    encoded(&DynamicImage::new_rgb8(width, 1), ImageFormat::Png)
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Returns a black JPEG with a colour profile of at least `profile` bytes.
fn jpeg(width: u32, height: u32, profile: usize) -> Vec<u8> {
    /// Maximum number of bytes of a segment besides its name and number.
    const PART: usize = 65_519;
    let file = encoded(&DynamicImage::new_rgb8(width, height), ImageFormat::Jpeg);
    let scan = file.windows(2).position(|two| two == b"\xff\xda").unwrap();
    let parts = profile.div_ceil(PART);
    let (mut bytes, rest) = (file[..scan].to_vec(), &file[scan..]);
    for number in 1..=parts {
        bytes.extend(b"\xff\xe2\xff\xffICC_PROFILE\0");
        bytes.push(u8::try_from(number % 256).unwrap());
        bytes.push(u8::try_from(parts % 256).unwrap());
        bytes.extend((0..PART).map(|n| u8::try_from(n % 251).unwrap()));
    }
    bytes.extend(rest);
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
