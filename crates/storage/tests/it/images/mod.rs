//! Images: names, writes and stored bytes.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod files;
mod names;
mod writes;

use std::sync::Arc;

use bytes::Bytes;
use tintero_domain::{
    Result,
    access::Caller,
    images::{Image, ImageMetadata, Images, UploadedImage},
    values::SourcePath,
};
use tintero_storage::{CursorKey, CursorKeys, image_files::MemoryImageFileStore};

use crate::site::{Site, editor};

/// The service with the DynamoDB store and bytes in memory.
pub(crate) fn images(site: &Site) -> Images {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    Images::new(
        Arc::new(tintero_storage::DynamoImageStore::new(
            site.dynamo.clone(),
            cursors,
        )),
        Arc::new(MemoryImageFileStore::default()),
        Arc::new(site.posts.clone()),
        site.clock.clone(),
        site.ids.clone(),
    )
}

/// The header of a PNG of one pixel in height.
pub(crate) fn png(width: u32) -> Bytes {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 8, 6, 0, 0, 0]);
    bytes.into()
}

pub(crate) async fn upload(
    images: &Images,
    caller: &Caller,
    file: Bytes,
    path: Option<&str>,
) -> Result<UploadedImage> {
    let mut incoming = images.receive(caller).await?;
    incoming.write(file).await?;
    let description = ImageMetadata {
        alt: Some("Un gato".parse().unwrap()),
        source_path: path.map(self::path),
    };
    images.upload(caller, incoming, description).await
}

/// Uploads a new image with a source path.
async fn from_path(images: &Images, width: u32, path: &str) -> Image {
    let uploaded = upload(images, &editor(), png(width), Some(path))
        .await
        .unwrap();
    assert!(uploaded.is_new);
    uploaded.image
}

fn path(text: &str) -> SourcePath {
    text.parse().unwrap()
}
