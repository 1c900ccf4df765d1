//! Finds the files of the folder by the paths that texts use.

mod paths;

use std::collections::BTreeMap;

use crate::{folder::SourceFile, text::nfc};
use paths::{base_name, folded, joined, spellings};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceImage {
    /// The path as the file system spells it.
    pub(crate) path: String,
    /// The path in NFC, which the server stores.
    pub(crate) source_path: String,
    pub(crate) bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ImageMatch {
    /// The `source_path` of the image.
    Found(String),
    Missing,
    /// Several images match equally well.
    Ambiguous(Vec<String>),
}

/// The usual folders for images, the most common first.
const IMAGE_FOLDERS: [&str; 9] = [
    "assets",
    "assets/images",
    "assets/img",
    "images",
    "img",
    "assets/uploads",
    "uploads",
    "static",
    "static/images",
];

/// The extensions of images. The server rejects formats that it does not support.
const IMAGE_EXTENSIONS: [&str; 11] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff",
];

/// The files of the folder by path in NFC, and its images also by folded path and base name.
#[derive(Debug, Default)]
pub(crate) struct FileIndex {
    files: BTreeMap<String, String>,
    images: BTreeMap<String, SourceImage>,
    by_folded_path: BTreeMap<String, Vec<String>>,
    by_base_name: BTreeMap<String, Vec<String>>,
}

impl FileIndex {
    pub(crate) fn new(files: Vec<SourceFile>) -> Self {
        let mut index = Self::default();
        for SourceFile { path, bytes } in files {
            let source_path = nfc(&path);
            index.files.insert(source_path.clone(), path.clone());
            if is_image(&source_path) {
                index.add(SourceImage {
                    path,
                    source_path,
                    bytes,
                });
            }
        }
        index
    }

    fn add(&mut self, image: SourceImage) {
        let path = image.source_path.clone();
        let same_path = self.by_folded_path.entry(folded(&path)).or_default();
        same_path.push(path.clone());
        let same_name = self.by_base_name.entry(folded(base_name(&path)));
        same_name.or_default().push(path.clone());
        self.images.insert(path, image);
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(&nfc(path.trim_start_matches('/')))
    }

    /// All paths as the file system spells them.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(String::as_str)
    }

    pub(crate) fn image(&self, source_path: &str) -> Option<&SourceImage> {
        self.images.get(source_path)
    }

    pub(crate) fn image_count(&self) -> usize {
        self.images.len()
    }

    /// Finds the image at exactly this path from the root, as written or percent-decoded.
    pub(crate) fn find_image_at(&self, written: &str) -> Option<String> {
        let mut paths = spellings(written).into_iter();
        paths.find_map(|path| joined("", &path).filter(|path| self.images.contains_key(path)))
    }

    /// Finds the image for a path written in the file `from`. Tries the path as written and
    /// percent-decoded, from the root, the folder of `from` and the image folders; then the same
    /// regardless of case; then the base name.
    pub(crate) fn find_image(&self, from: &str, written: &str) -> ImageMatch {
        let spellings = spellings(written);
        let here = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders = ["", here].into_iter().chain(IMAGE_FOLDERS);
        let tried: Vec<String> = folders
            .flat_map(|folder| {
                spellings
                    .iter()
                    .filter_map(move |path| joined(folder, path))
            })
            .collect();
        if let Some(path) = tried.iter().find(|path| self.images.contains_key(*path)) {
            return ImageMatch::Found(path.clone());
        }
        let same_folded = tried
            .iter()
            .find_map(|path| self.by_folded_path.get(&folded(path)));
        let mut same_name = spellings
            .iter()
            .filter_map(|path| self.by_base_name.get(&folded(base_name(path))));
        match same_folded.or_else(|| same_name.next()).map(Vec::as_slice) {
            None => ImageMatch::Missing,
            Some([only]) => ImageMatch::Found(only.clone()),
            Some(several) => ImageMatch::Ambiguous(several.to_vec()),
        }
    }
}

fn is_image(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        IMAGE_EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests;
