//! The files of the folder as texts name them.

mod paths;

use std::collections::BTreeMap;

use crate::{folder::Lying, text::nfc};
use paths::{base_name, folded, joined, spellings};

/// A picture in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Where it lies, as the disk spells it.
    pub(crate) path: String,
    /// The same in NFC, under which the server keeps it.
    pub(crate) source_path: String,
    /// How large it is.
    pub(crate) bytes: u64,
}

/// What a text that names a picture leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The picture with this `source_path`.
    Found(String),
    /// None.
    Missing,
    /// One of these, and nothing says which.
    Ambiguous(Vec<String>),
}

/// Folders in which sites keep their pictures, the most usual first.
const ASSET_FOLDERS: [&str; 9] = [
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

/// What names of pictures end with. The server keeps fewer kinds, and says which.
const PICTURES: [&str; 11] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff",
];

/// The files of the folder by their paths, in NFC.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// The paths as the disk spells them.
    files: BTreeMap<String, String>,
    pictures: BTreeMap<String, Picture>,
    by_folded_path: BTreeMap<String, Vec<String>>,
    by_base_name: BTreeMap<String, Vec<String>>,
}

impl Tree {
    pub(crate) fn new(files: Vec<Lying>) -> Self {
        let mut tree = Self::default();
        for Lying { path, bytes } in files {
            let source_path = nfc(&path);
            tree.files.insert(source_path.clone(), path.clone());
            if is_picture(&source_path) {
                tree.add(Picture {
                    path,
                    source_path,
                    bytes,
                });
            }
        }
        tree
    }

    fn add(&mut self, picture: Picture) {
        let path = picture.source_path.clone();
        let same_path = self.by_folded_path.entry(folded(&path)).or_default();
        same_path.push(path.clone());
        let same_name = self.by_base_name.entry(folded(base_name(&path)));
        same_name.or_default().push(path.clone());
        self.pictures.insert(path, picture);
    }

    /// Whether there is a file at this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(&nfc(path.trim_start_matches('/')))
    }

    /// The paths of all files, as the disk spells them.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(String::as_str)
    }

    /// The picture with this `source_path`.
    pub(crate) fn picture(&self, source_path: &str) -> Option<&Picture> {
        self.pictures.get(source_path)
    }

    /// How many pictures there are.
    pub(crate) fn count(&self) -> usize {
        self.pictures.len()
    }

    /// The picture that a text means which stands in the file `from`: as given, then
    /// percent-decoded, then in the folders for pictures, then by a name that only one has.
    pub(crate) fn lookup(&self, from: &str, written: &str) -> Place {
        let spellings = spellings(written);
        let here = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders = ["", here].into_iter().chain(ASSET_FOLDERS);
        let tried: Vec<String> = folders
            .flat_map(|folder| {
                spellings
                    .iter()
                    .filter_map(move |path| joined(folder, path))
            })
            .collect();
        if let Some(path) = tried.iter().find(|path| self.pictures.contains_key(*path)) {
            return Place::Found(path.clone());
        }
        let alike = tried
            .iter()
            .find_map(|path| self.by_folded_path.get(&folded(path)));
        let mut namesakes = spellings
            .iter()
            .filter_map(|path| self.by_base_name.get(&folded(base_name(path))));
        match alike.or_else(|| namesakes.next()).map(Vec::as_slice) {
            None => Place::Missing,
            Some([only]) => Place::Found(only.clone()),
            Some(several) => Place::Ambiguous(several.to_vec()),
        }
    }
}

fn is_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| PICTURES.contains(&extension.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests;
