//! What posts refer to.

use tintero_domain::values::{BylineId, CategoryId, ImageId};

use super::Key;

/// A category.
#[must_use]
pub fn category(id: CategoryId) -> Key {
    Key::new("TREE", format!("C#{id}"))
}

/// A byline.
#[must_use]
pub fn byline(id: BylineId) -> Key {
    Key::new(format!("B#{id}"), "BYLINE")
}

/// An image.
#[must_use]
pub fn image(id: ImageId) -> Key {
    Key::new(format!("I#{id}"), "META")
}
