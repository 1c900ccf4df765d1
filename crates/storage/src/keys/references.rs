//! Categories, tags, bylines and images, and pending cleanups of posts.

use tintero_domain::values::{BylineId, CategoryId, ImageId, PostId, Slug, Timestamp};
use uuid::Uuid;

use super::{ItemKey, PublicPartition};

const TREE: &str = "TREE";

const BYLINES: &str = "BYLINES";

/// A category.
#[must_use]
pub fn category(id: CategoryId) -> ItemKey {
    ItemKey::new(TREE, format!("C#{id}"))
}

/// The tombstone of a tag, given in lower case.
#[must_use]
pub fn tag_tombstone(folded: &str) -> ItemKey {
    ItemKey::new(TREE, format!("T#{folded}"))
}

/// The tombstone of a byline.
#[must_use]
pub fn byline_tombstone(id: BylineId) -> ItemKey {
    ItemKey::new(TREE, byline_sort_key(id))
}

/// The version of the category tree. Sorts before its other items.
#[must_use]
pub fn tree_version() -> ItemKey {
    ItemKey::new(TREE, "A")
}

/// The partition of the category tree: its version, categories and tombstones.
#[must_use]
pub fn tree() -> String {
    TREE.to_owned()
}

/// A sort key after all items of the tree, its counters and the bylines.
#[must_use]
pub fn end_of_references() -> String {
    "~".to_owned()
}

/// The counter of published posts directly in a category.
#[must_use]
pub fn category_count(id: CategoryId) -> ItemKey {
    ItemKey::new("COUNTS", format!("C#{id}"))
}

/// Parses the sort key of a category or of its counter.
#[must_use]
pub fn counted_category(sk: &str) -> Option<CategoryId> {
    sk.strip_prefix("C#")?.parse().ok()
}

/// The partition and the first and last sort key of the counters of categories and the due
/// cleanups, which hold changes of counters.
#[must_use]
pub fn category_counts(now: Timestamp) -> (String, [String; 2]) {
    let (pk, [_, last]) = due_cleanups(now);
    (pk, ["C#".to_owned(), last])
}

/// The counter of published posts with a tag, given in lower case.
#[must_use]
pub fn tag_count(folded: &str) -> ItemKey {
    ItemKey::new(tag_counts(), format!("T#{folded}"))
}

/// The counter of published posts of a byline. It is in the partition of the counters of tags.
#[must_use]
pub fn byline_count(id: BylineId) -> ItemKey {
    ItemKey::new(tag_counts(), byline_sort_key(id))
}

/// Parses the sort key of a byline or of its counter.
#[must_use]
pub fn counted_byline(sk: &str) -> Option<BylineId> {
    sk.strip_prefix("B#")?.parse().ok()
}

/// The partition of the counters of tags and bylines.
#[must_use]
pub fn tag_counts() -> String {
    "TAGS".to_owned()
}

/// Parses the sort key of the counter of a tag.
#[must_use]
pub fn counted_tag(sk: &str) -> Option<&str> {
    sk.strip_prefix("T#")
}

/// The partition and the first and last sort key of the counters after `tag`, or of all. Tags have
/// no control characters, so no counter sorts between `tag` and the first key.
#[must_use]
pub fn tags_after(tag: Option<&str>) -> (String, [String; 2]) {
    let first = tag.map_or_else(|| "T#".to_owned(), |tag| format!("T#{tag}\u{1}"));
    (tag_counts(), [first, "T#\u{10FFFF}".to_owned()])
}

/// The public list of a counter.
#[must_use]
pub fn counted_list(counter: &ItemKey) -> Option<PublicPartition> {
    let category = counted_category(&counter.sk).map(PublicPartition::Category);
    let tag = || counted_tag(&counter.sk).map(str::to_owned);
    let byline = || counted_byline(&counter.sk).map(PublicPartition::Byline);
    category
        .or_else(|| tag().map(PublicPartition::Tag))
        .or_else(byline)
}

/// A pending cleanup of a post: planned for a time, or left by a write. `mark` distinguishes
/// cleanups with the same time.
#[must_use]
pub fn cleanup(at: Timestamp, post: PostId, mark: Option<Uuid>) -> ItemKey {
    let mark = mark.map(|mark| format!("#{mark}")).unwrap_or_default();
    ItemKey::new("COUNTS", format!("P#{at}#{post}{mark}"))
}

/// Parses the sort key of a pending cleanup.
#[must_use]
pub fn parse_cleanup(sk: &str) -> Option<(Timestamp, PostId, Option<Uuid>)> {
    let mut parts = sk.strip_prefix("P#")?.splitn(3, '#');
    let at = parts.next()?.parse().ok()?;
    let post = parts.next()?.parse().ok()?;
    let mark = parts.next().map(str::parse).transpose().ok()?;
    Some((at, post, mark))
}

/// The partition and the first and last sort key of the cleanups up to `now`.
#[must_use]
pub fn due_cleanups(now: Timestamp) -> (String, [String; 2]) {
    (
        "COUNTS".to_owned(),
        ["P#".to_owned(), end_of_due_cleanups(now)],
    )
}

/// The partition and the first and last sort key of the cleanups after `now`.
#[must_use]
pub fn planned_cleanups(now: Timestamp) -> (String, [String; 2]) {
    (
        "COUNTS".to_owned(),
        [end_of_due_cleanups(now), "P~".to_owned()],
    )
}

fn end_of_due_cleanups(now: Timestamp) -> String {
    format!("P#{}", now.after(std::time::Duration::from_millis(1)))
}

/// The claim of a category on its slug.
#[must_use]
pub fn category_slug(slug: &Slug) -> ItemKey {
    ItemKey::new(format!("CS#{slug}"), "SLUG")
}

/// A byline.
#[must_use]
pub fn byline(id: BylineId) -> ItemKey {
    ItemKey::new(BYLINES, byline_sort_key(id))
}

/// The sort key of a byline. Ids sort by creation time.
#[must_use]
pub fn byline_sort_key(id: BylineId) -> String {
    format!("B#{id}")
}

/// The partition of bylines.
#[must_use]
pub fn bylines() -> String {
    BYLINES.to_owned()
}

/// The claim of a byline on its slug.
#[must_use]
pub fn byline_slug(slug: &Slug) -> ItemKey {
    ItemKey::new(format!("BS#{slug}"), "SLUG")
}

/// An image.
#[must_use]
pub fn image(id: ImageId) -> ItemKey {
    ItemKey::new(format!("I#{id}"), "META")
}
