//! Images, their names and their list.

use tintero_domain::{
    images::ImageName,
    values::{Digest, ImageId, PostId, SourcePath, Timestamp},
};

use super::{ItemKey, SHARD, digest, lists::end_of_list, references::image};

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

/// The record that an image has these bytes, as stored or as uploaded.
#[must_use]
pub fn image_with_digest(digest: &Digest, id: ImageId) -> ItemKey {
    ItemKey::new(format!("D#{digest}"), format!("FILE#{id}"))
}

/// The partition and the first and last sort key of the images with these bytes.
#[must_use]
pub fn images_with_digest(digest: &Digest) -> (String, [String; 2]) {
    (
        format!("D#{digest}"),
        ["FILE#".to_owned(), "FILE#~".to_owned()],
    )
}

/// The first sort key after one.
#[must_use]
pub fn after(sort_key: &str) -> String {
    format!("{sort_key}\u{0}")
}

/// The removal of bytes.
#[must_use]
pub fn byte_removal(digest: &Digest) -> ItemKey {
    ItemKey::new(byte_removals(None).0, digest.to_string())
}

/// The partition of removals, and the first and last sort key of those after a digest.
#[must_use]
pub fn byte_removals(after: Option<&Digest>) -> (String, [String; 2]) {
    let first = after.map_or_else(|| "0".to_owned(), |digest| self::after(&digest.to_string()));
    (format!("R#{SHARD}"), [first, "~".to_owned()])
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

/// The sort keys between which the images of a time are: the end, which is excluded, and the start.
#[must_use]
pub fn images_between(
    after: Option<Timestamp>,
    before: Option<Timestamp>,
) -> (String, Option<String>) {
    let start = after.map(|after| after.after(std::time::Duration::from_millis(1)));
    let end = before.map_or_else(end_of_list, |before| before.to_string());
    (end, start.map(|start| start.to_string()))
}

/// The row of an image in the list.
#[must_use]
pub fn image_row(created_at: Timestamp, id: ImageId) -> ItemKey {
    ItemKey::new(images(), image_sort_key(created_at, id))
}

/// The partition of the trash.
#[must_use]
pub fn trashed_images() -> String {
    format!("T#{SHARD}")
}

/// The row of an image in the trash. Rows sort by the end of their stay.
#[must_use]
pub fn trashed_image_row(until: Timestamp, id: ImageId) -> ItemKey {
    ItemKey::new(trashed_images(), image_sort_key(until, id))
}

/// The partition and the first and last sort key of the images whose stay has ended.
#[must_use]
pub fn purgeable_images(now: Timestamp) -> (String, [String; 2]) {
    let end = now.after(std::time::Duration::from_millis(1)).to_string();
    (trashed_images(), ["0".to_owned(), end])
}

/// The record that a post may use the image with a name.
#[must_use]
pub fn image_use(name: &ImageName, post: PostId) -> ItemKey {
    ItemKey::new(image_uses_of(name), image_use_sort_key(post))
}

/// The partition of the uses of a name: that of the image, or that of the path in any letter case.
#[must_use]
pub fn image_uses_of(name: &ImageName) -> String {
    match name {
        ImageName::Id(id) => image(*id).pk,
        ImageName::Path(path) => folded_image_path(path).pk,
    }
}

/// The sort key of the record that a post may use an image.
#[must_use]
pub fn image_use_sort_key(post: PostId) -> String {
    format!("USE#{post}")
}

/// The first and the last sort key of uses of an image, up to a sort key of one.
#[must_use]
pub fn image_uses(up_to: Option<String>) -> [String; 2] {
    [
        "USE#".to_owned(),
        up_to.unwrap_or_else(|| "USE#~".to_owned()),
    ]
}

/// How far the uses of earlier posts are recorded.
#[must_use]
pub fn image_use_recording() -> ItemKey {
    ItemKey::new("USES", "RECORDING")
}
