//! Prepares files as an upload does.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod carriers;
mod colors;
mod crops;
mod hostile;
mod hostile_files;
mod hostile_table;
mod privacy;
mod renditions;
mod svg;

use std::io::Cursor;

use bytes::Bytes;
use image::{DynamicImage, ImageFormat};
use tintero_domain::{
    Error, Result,
    images::{IMAGE_HEAD, ImageWorkers, PreparedImage},
};
use tintero_media::MediaWorkers;

/// Prepares a file.
async fn prepare(file: &[u8]) -> Result<PreparedImage> {
    let head = &file[..file.len().min(IMAGE_HEAD)];
    let mut job = MediaWorkers::default()
        .admit(head, file.len() as u64)
        .await?;
    job.prepare(Bytes::copy_from_slice(file)).await
}

/// The reason for the rejection of a file.
async fn refusal(file: &[u8]) -> String {
    match prepare(file).await {
        Err(Error::Invalid(errors)) => {
            let error = errors.iter().next().unwrap();
            assert_eq!(error.pointer, "/file");
            error.error.detail.clone()
        }
        Err(other) => panic!("{other:?}"),
        Ok(prepared) => format!("accepted as {:?}", prepared.media_type),
    }
}

/// A picture of 60 × 40 pixels: red above blue.
fn picture() -> DynamicImage {
    let mut image = DynamicImage::new_rgb8(60, 40);
    for (_, y, pixel) in image.as_mut_rgb8().unwrap().enumerate_pixels_mut() {
        pixel.0 = if y < 30 { [200, 0, 0] } else { [0, 0, 200] };
    }
    image
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture().write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn contains(file: &[u8], needle: &[u8]) -> bool {
    file.windows(needle.len()).any(|window| window == needle)
}
