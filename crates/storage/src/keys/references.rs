//! What posts refer to.

use tintero_domain::values::{BylineId, CategoryId, ImageId, PostId, Slug, Timestamp};
use uuid::Uuid;

use super::{Key, PublicPartition};

/// The partition of the category tree; one request reads it whole.
const TREE: &str = "TREE";

/// The partition of all bylines.
const BYLINES: &str = "BYLINES";

/// A category.
#[must_use]
pub fn category(id: CategoryId) -> Key {
    Key::new(TREE, format!("C#{id}"))
}

/// What is left of a tag that is no more, given in lower case.
#[must_use]
pub fn retired_tag(folded: &str) -> Key {
    Key::new(TREE, format!("T#{folded}"))
}

/// Counts changes of the category tree. Sorts below everything else in it.
#[must_use]
pub fn tree_version() -> Key {
    Key::new(TREE, "A")
}

/// The whole category tree: its version, its categories, and what is left of what went.
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

/// The counters of categories, and the traces that hold what is to be counted up to a moment: their
/// partition, and the first and the last place in it.
#[must_use]
pub fn category_counts(now: Timestamp) -> (String, [String; 2]) {
    let (pk, [_, last]) = traces(now);
    (pk, ["C#".to_owned(), last])
}

/// How many published posts have a tag, in any spelling of it.
#[must_use]
pub fn tag_count(folded: &str) -> Key {
    Key::new(tag_counts(), format!("T#{folded}"))
}

/// All counters of tags.
#[must_use]
pub fn tag_counts() -> String {
    "TAGS".to_owned()
}

/// The tag, in lower case, that a counter with this sort key belongs to.
#[must_use]
pub fn counted_tag(sk: &str) -> Option<&str> {
    sk.strip_prefix("T#")
}

/// The counters of the tags behind one, or of all: their partition, and the first and the last
/// place in it. No tag holds a control character, so nothing sorts between a tag and this place.
#[must_use]
pub fn tags_after(tag: Option<&str>) -> (String, [String; 2]) {
    let first = tag.map_or_else(|| "T#".to_owned(), |tag| format!("T#{tag}\u{1}"));
    (tag_counts(), [first, "T#\u{10FFFF}".to_owned()])
}

/// The public list that a counter is about.
#[must_use]
pub fn counted_list(counter: &Key) -> Option<PublicPartition> {
    let category = counted_category(&counter.sk).map(PublicPartition::Category);
    let tag = || counted_tag(&counter.sk).map(str::to_owned);
    category.or_else(|| tag().map(PublicPartition::Tag))
}

/// What time ends of a post at a moment, or a write left behind; the mark tells several of one
/// moment apart.
#[must_use]
pub fn trace(at: Timestamp, post: PostId, mark: Option<Uuid>) -> Key {
    let mark = mark.map(|mark| format!("#{mark}")).unwrap_or_default();
    Key::new("COUNTS", format!("P#{at}#{post}{mark}"))
}

/// The moment, the post and the mark of such a sort key.
#[must_use]
pub fn read_trace(sk: &str) -> Option<(Timestamp, PostId, Option<Uuid>)> {
    let mut parts = sk.strip_prefix("P#")?.splitn(3, '#');
    let at = parts.next()?.parse().ok()?;
    let post = parts.next()?.parse().ok()?;
    let mark = parts.next().map(str::parse).transpose().ok()?;
    Some((at, post, mark))
}

/// All traces up to a moment: their partition, and the first and the last place in it.
#[must_use]
pub fn traces(now: Timestamp) -> (String, [String; 2]) {
    ("COUNTS".to_owned(), ["P#".to_owned(), after_traces(now)])
}

/// All traces of later moments, which are those that are planned.
#[must_use]
pub fn later_traces(now: Timestamp) -> (String, [String; 2]) {
    ("COUNTS".to_owned(), [after_traces(now), "P~".to_owned()])
}

fn after_traces(now: Timestamp) -> String {
    format!("P#{}", now.after(std::time::Duration::from_millis(1)))
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
