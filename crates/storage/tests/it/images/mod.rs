//! Images: names, writes and stored bytes.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod blog;
mod files;
mod filters;
mod names;
mod s3;
mod stopped;
mod sweep;
mod trash;
mod uses;
mod writes;

use std::{io::Cursor, sync::Arc};

use bytes::Bytes;
use image::{DynamicImage, ImageFormat};
use tintero_domain::{
    Result,
    access::Caller,
    images::{Image, ImageFileStore, ImageMetadata, ImagePorts, Images, UploadedImage},
    values::SourcePath,
};
use tintero_media::MediaWorkers;
use tintero_storage::{CursorKey, CursorKeys};

use crate::site::{Site, editor};

/// The service with the DynamoDB store and bytes in memory.
pub(crate) fn images(site: &Site) -> Images {
    images_on(site, Arc::new(site.files.clone()))
}

/// The service with the DynamoDB store and bytes in this store.
pub(crate) fn images_on(site: &Site, objects: Arc<dyn ImageFileStore>) -> Images {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    Images::new(ImagePorts {
        store: Arc::new(tintero_storage::DynamoImageStore::new(
            site.dynamo.clone(),
            cursors,
        )),
        objects,
        workers: Arc::new(MediaWorkers::default()),
        listener: Arc::new(site.posts.clone()),
        uses: Arc::new(site.posts.clone()),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    })
}

/// A black PNG of one pixel in height.
pub(crate) fn png(width: u32) -> Bytes {
    let mut file = Cursor::new(Vec::new());
    let image = DynamicImage::new_rgb8(width, 1);
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner().into()
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
        ..ImageMetadata::default()
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
