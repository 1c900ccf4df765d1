//! What posts refer to.

use tintero_domain::values::{BylineId, CategoryId, ImageId, Slug};

use super::Key;

/// The partition of the category tree; one request reads it whole.
const TREE: &str = "TREE";

/// The partition of all bylines.
const BYLINES: &str = "BYLINES";

/// A category.
#[must_use]
pub fn category(id: CategoryId) -> Key {
    Key::new(TREE, format!("C#{id}"))
}

/// Counts changes of the category tree. Sorts below every category.
#[must_use]
pub fn tree_version() -> Key {
    Key::new(TREE, "A")
}

/// The whole category tree: its version and its categories.
#[must_use]
pub fn tree() -> String {
    TREE.to_owned()
}

/// Sorts after everything in the partitions of the tree, its counters and the bylines.
#[must_use]
pub fn end_of_references() -> String {
    "~".to_owned()
}

/// How many published posts are filed directly under a category.
#[must_use]
pub fn category_count(id: CategoryId) -> Key {
    Key::new("COUNTS", format!("C#{id}"))
}

/// The category that a counter with this sort key belongs to.
#[must_use]
pub fn counted_category(sk: &str) -> Option<CategoryId> {
    sk.strip_prefix("C#")?.parse().ok()
}

/// All counters of categories.
#[must_use]
pub fn category_counts() -> String {
    "COUNTS".to_owned()
}

/// A category's claim on its slug.
#[must_use]
pub fn category_slug(slug: &Slug) -> Key {
    Key::new(format!("CS#{slug}"), "SLUG")
}

/// A byline.
#[must_use]
pub fn byline(id: BylineId) -> Key {
    Key::new(BYLINES, byline_place(id))
}

/// A byline's place among all bylines; ids sort by time of creation.
#[must_use]
pub fn byline_place(id: BylineId) -> String {
    format!("B#{id}")
}

/// All bylines.
#[must_use]
pub fn bylines() -> String {
    BYLINES.to_owned()
}

/// A byline's claim on its slug.
#[must_use]
pub fn byline_slug(slug: &Slug) -> Key {
    Key::new(format!("BS#{slug}"), "SLUG")
}

/// An image.
#[must_use]
pub fn image(id: ImageId) -> Key {
    Key::new(format!("I#{id}"), "META")
}
