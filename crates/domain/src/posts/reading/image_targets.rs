//! The images that a body names: by their paths in the imported site, or by the URLs of their files.

use std::collections::BTreeSet;

use tintero_markdown::{
    report::{BodyReference, ReferenceKind},
    targets::ShownImage,
};

use crate::{
    images::{Image, ImageFile, ImageName, MediaType},
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
pub(super) fn resolve_relative(folder: &str, name: &str) -> Option<SourcePath> {
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
    images(references).filter(|reference| reference.url.is_none())
}

/// The candidate paths of unresolved images, without external URLs and URLs of files.
pub(in crate::posts) fn missing_images(
    source: Option<&ImportSource>,
    references: &[BodyReference],
    base_path: &str,
) -> Vec<SourcePath> {
    paths(source, unresolved(references), base_path)
        .into_iter()
        .collect()
}

/// The candidate paths of images, without external URLs and URLs of files.
fn paths<'a>(
    source: Option<&ImportSource>,
    references: impl Iterator<Item = &'a BodyReference>,
    base_path: &str,
) -> BTreeSet<SourcePath> {
    references
        .flat_map(|reference| candidates(source, reference, base_path))
        .take(MAX_IMAGES)
        .collect()
}

/// The candidate paths of one image. None for external URLs and URLs of files.
fn candidates(
    source: Option<&ImportSource>,
    reference: &BodyReference,
    base_path: &str,
) -> Vec<SourcePath> {
    if reference.name.contains("://") || own_file(&reference.name, base_path).is_some() {
        return Vec::new();
    }
    let name = reference.target.as_deref().unwrap_or(&reference.name);
    image_candidates(folder(source), name)
}

fn images(references: &[BodyReference]) -> impl Iterator<Item = &BodyReference> {
    references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image)
}

/// The names of all images of a body that are looked up.
pub(in crate::posts) fn image_names(
    source: Option<&ImportSource>,
    references: &[BodyReference],
    base_path: &str,
) -> BTreeSet<ImageName> {
    let files = images(references).filter_map(|it| own_file(&it.name, base_path));
    let files = files.take(MAX_IMAGES).map(ImageName::Id);
    let paths = paths(source, images(references), base_path).into_iter();
    files.chain(paths.map(ImageName::Path)).collect()
}

/// Whether a reference of a body shows an image, or would show it if the image were not in the trash.
pub(in crate::posts) fn names_image(
    source: Option<&ImportSource>,
    reference: &BodyReference,
    image: &Image,
    base_path: &str,
) -> bool {
    if reference.kind != ReferenceKind::Image {
        return false;
    }
    let url = reference.url.as_deref();
    let shown = url.and_then(|url| own_file(url, base_path));
    if let Some(id) = shown.or_else(|| own_file(&reference.name, base_path)) {
        return id == image.id();
    }
    let Some(path) = image.source_path.as_ref().map(SourcePath::folded) else {
        return false;
    };
    let mut candidates = candidates(source, reference, base_path).into_iter();
    candidates.any(|candidate| candidate.folded() == path)
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
