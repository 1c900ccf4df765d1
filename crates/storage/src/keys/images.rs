//! Images, their names and their list.

use tintero_domain::values::{Digest, ImageId, SourcePath, Timestamp};

use super::{ItemKey, SHARD, digest};

/// The claim on the source path of an image.
#[must_use]
pub fn image_path(path: &SourcePath) -> ItemKey {
    ItemKey::new(format!("N#{}", digest(&[path.as_str()])), "PATH")
}

/// The set of images with this path in any letter case.
#[must_use]
pub fn folded_image_path(path: &SourcePath) -> ItemKey {
    ItemKey::new(format!("N#{}", digest(&[&path.folded()])), "FOLDED")
}

/// The claim on the bytes of an image without a source path.
#[must_use]
pub fn image_digest(digest: &Digest) -> ItemKey {
    ItemKey::new(format!("D#{digest}"), "IMAGE")
}

/// The partition of the list of images.
#[must_use]
pub fn images() -> String {
    format!("L#{SHARD}")
}

/// The sort key of an image in the list.
#[must_use]
pub fn image_sort_key(created_at: Timestamp, id: ImageId) -> String {
    format!("{created_at}#{id}")
}

/// The row of an image in the list.
#[must_use]
pub fn image_row(created_at: Timestamp, id: ImageId) -> ItemKey {
    ItemKey::new(images(), image_sort_key(created_at, id))
}
