use std::{
    fs::{self, File},
    io::Read,
    path::Path,
};

use tintero_markdown::jekyll::file_name::FileName;
use walkdir::{DirEntry, WalkDir};

use super::walk::{FOREIGN, is_room, slashed};

/// A file of the folder, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lying {
    /// Where, as the disk spells it, with `/` between its parts.
    pub(crate) path: String,
    /// How large it is.
    pub(crate) bytes: u64,
}

/// Every file that can be named, sorted by path. What leads out of the folder, has a name that is
/// no text, or was built by a tool is passed over.
pub(super) fn files(root: &Path) -> Vec<Lying> {
    let walk = WalkDir::new(root).min_depth(1).into_iter();
    let mut files: Vec<Lying> = walk
        .filter_entry(is_source)
        .filter_map(Result::ok)
        .filter_map(|entry| lying(root, &entry))
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn is_source(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_built = entry.file_type().is_dir() && (name == "_site" || FOREIGN.contains(&&*name));
    !(name.starts_with('.') || is_built)
}

fn lying(root: &Path, entry: &DirEntry) -> Option<Lying> {
    let (path, is_text) = slashed(entry.path().strip_prefix(root).ok()?);
    let place = fs::canonicalize(entry.path()).ok()?;
    let about = fs::metadata(&place).ok()?;
    let is_fit = is_text && !path.contains(char::is_control);
    (is_fit && about.is_file() && place.starts_with(root)).then_some(Lying {
        path,
        bytes: about.len(),
    })
}

/// Whether Jekyll makes a page of a file: it is Markdown or HTML, no part of its path is special,
/// and it begins with front matter.
pub(super) fn is_page(root: &Path, path: &str) -> bool {
    let is_special = |part: &str| part.starts_with(['_', '#', '~']) || part.ends_with('~');
    if path.split('/').any(is_special) || FileName::read(path).format().is_none() {
        return false;
    }
    let mut start = [0; 3];
    let read = File::open(root.join(path)).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && &start == b"---"
}

/// Whether a path lies in a folder of posts or drafts.
pub(super) fn is_in_room(path: &str) -> bool {
    path.split('/').any(is_room)
}
