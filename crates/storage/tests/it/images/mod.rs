//! Images: by which names they are found, and where their bytes are.

#![expect(
    clippy::unwrap_used,
    reason = "what a test builds on must work, or the test fails"
)]

mod names;
mod objects;
mod writes;

use std::sync::Arc;

use bytes::Bytes;
use tintero_domain::{
    Result,
    access::Caller,
    images::{Description, Image, Images, Uploaded},
    values::SourcePath,
};
use tintero_storage::{CursorKey, CursorKeys, objects::Memory};

use crate::site::{Site, editor};

/// The use cases over the real store; their objects are in memory.
pub(crate) fn images(site: &Site) -> Images {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    Images::new(
        Arc::new(tintero_storage::Images::new(site.dynamo.clone(), cursors)),
        Arc::new(Memory::default()),
        Arc::new(site.posts.clone()),
        site.clock.clone(),
        site.ids.clone(),
    )
}

/// The start of a PNG that is one pixel high; the width tells it from others.
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
) -> Result<Uploaded> {
    let mut incoming = images.receive(caller).await?;
    incoming.write(file).await?;
    let description = Description {
        alt: Some("Un gato".parse().unwrap()),
        source_path: path.map(self::path),
    };
    images.upload(caller, incoming, description).await
}

/// A new image that came from a path.
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
