//! The images that a body names: by their paths in the imported site, or by the URLs of their files.

use std::collections::BTreeSet;

use tintero_markdown::{
    report::{BodyReference, ReferenceKind},
    targets::ShownImage,
};

use crate::{
    images::{ImageFile, MediaType},
    posts::ImportSource,
    values::{ImageId, SourcePath},
};

/// Most images looked up for one body; the rest stays unresolved. Each costs a read.
const MAX_IMAGES: usize = 300;

/// The largest width up to which the file itself is among the copies that a browser chooses from. Larger files are for
/// downloads.
const LARGEST_SHOWN: u32 = 1920;

/// The folder of an imported file; the root for other posts.
pub(super) fn folder(source: Option<&ImportSource>) -> &str {
    let split = source.and_then(|source| source.path.rsplit_once('/'));
    split.map_or("", |(folder, _)| folder)
}

/// The candidate paths of an image: relative to the root of the site, then, for a relative name, to
/// the folder of the file.
pub(super) fn image_candidates(folder: &str, name: &str) -> Vec<SourcePath> {
    let from_root = name.parse().ok();
    let from_folder = (!name.starts_with('/'))
        .then(|| resolve_relative(folder, name))
        .flatten();
    from_root.into_iter().chain(from_folder).collect()
}

/// Resolves a relative path: `../assets/a.png` in `_posts/2026` is `_posts/assets/a.png`.
fn resolve_relative(folder: &str, name: &str) -> Option<SourcePath> {
    let mut path: Vec<&str> = folder
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    for segment in name.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(path.pop()?),
            segment => path.push(segment),
        }
    }
    path.join("/").parse().ok()
}

/// The image whose file has this URL.
pub(super) fn own_file(url: &str, base_path: &str) -> Option<ImageId> {
    let path = url.strip_prefix(base_path).unwrap_or(url);
    let (id, rest) = ImageFile::split_name(path.strip_prefix("/media/")?)?;
    rest.starts_with('.').then_some(id)
}

/// How an image is shown. Smaller copies are WebP, which all current browsers support.
pub(super) fn shown(image: &ImageFile, base_path: &str) -> ShownImage {
    let smaller = image.renditions();
    let smaller = smaller.filter(|it| it.media_type() == MediaType::Webp);
    let smaller = smaller.map(|it| (format!("{base_path}{}", it.path()), it.width()));
    let mut smaller: Vec<_> = smaller.collect();
    if !smaller.is_empty() && image.width <= LARGEST_SHOWN {
        smaller.push((format!("{base_path}{}", image.path()), image.width));
    }
    ShownImage {
        width: image.width,
        height: image.height,
        smaller,
    }
}

fn unresolved(references: &[BodyReference]) -> impl Iterator<Item = &BodyReference> {
    references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image && reference.url.is_none())
}

/// The candidate paths of unresolved images, without external URLs and URLs of files.
pub(in crate::posts) fn missing_images(
    source: Option<&ImportSource>,
    references: &[BodyReference],
    base_path: &str,
) -> Vec<SourcePath> {
    let folder = folder(source);
    unresolved(references)
        .filter(|reference| !reference.name.contains("://"))
        .filter(|reference| own_file(&reference.name, base_path).is_none())
        .flat_map(|reference| {
            let name = reference.target.as_deref().unwrap_or(&reference.name);
            image_candidates(folder, name)
        })
        .take(MAX_IMAGES)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The images that unresolved references name by the URLs of their files.
pub(super) fn missing_files(references: &[BodyReference], base_path: &str) -> BTreeSet<ImageId> {
    unresolved(references)
        .filter_map(|reference| own_file(&reference.name, base_path))
        .take(MAX_IMAGES)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_names_are_resolved_in_the_folder_and_never_above_the_root() {
        let candidates = |name| -> Vec<String> {
            image_candidates("_posts/2026", name)
                .into_iter()
                .map(Into::into)
                .collect()
        };
        assert_eq!(candidates("/assets/a.png"), ["assets/a.png"]);
        assert_eq!(candidates("a.png"), ["a.png", "_posts/2026/a.png"]);
        assert_eq!(candidates("../../assets/a.png"), ["assets/a.png"]);
        assert!(candidates("../../../a.png").is_empty());
    }

    #[test]
    fn only_urls_of_files_name_an_image_by_its_id() {
        let id = "01912d68-783e-7a03-8467-5661c1243ad7";
        let found = |url: &str| own_file(url, "/blog").map(|id| id.to_string());
        for url in ["/media/ID.png", "/blog/media/ID.jpg"] {
            assert_eq!(found(&url.replace("ID", id)).as_deref(), Some(id), "{url}");
        }
        for url in [
            "/media/ID",
            "/media/IDx.png",
            "/media/a.png",
            "/x/media/ID.png",
            "media/ID.png",
            "/media/ñID.png",
        ] {
            assert_eq!(found(&url.replace("ID", id)), None, "{url}");
        }
    }
}
