//! Images, the names under which they are found, and their list.

use tintero_domain::values::{Digest, ImageId, SourcePath, Timestamp};

use super::{Key, SHARD, digest};

/// An image's claim on the path that it came from.
#[must_use]
pub fn image_path(path: &SourcePath) -> Key {
    Key::new(format!("N#{}", digest(&[path.as_str()])), "PATH")
}

/// The images whose paths are this one but for letter case.
#[must_use]
pub fn folded_image_path(path: &SourcePath) -> Key {
    Key::new(format!("N#{}", digest(&[&path.folded()])), "FOLDED")
}

/// The claim on its bytes of an image that came from no path.
#[must_use]
pub fn image_digest(digest: &Digest) -> Key {
    Key::new(format!("D#{digest}"), "IMAGE")
}

/// The list of all images.
#[must_use]
pub fn images() -> String {
    format!("L#{SHARD}")
}

/// An image's place in that list.
#[must_use]
pub fn image_place(created_at: Timestamp, id: ImageId) -> String {
    format!("{created_at}#{id}")
}

/// An image's row in that list.
#[must_use]
pub fn image_row(created_at: Timestamp, id: ImageId) -> Key {
    Key::new(images(), image_place(created_at, id))
}
