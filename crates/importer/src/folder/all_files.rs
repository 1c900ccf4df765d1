use std::{
    fs::{self, File},
    io::Read,
    path::Path,
};

use tintero_markdown::jekyll::file_name::PostFileName;
use walkdir::{DirEntry, WalkDir};

use super::post_files::{FOREIGN_FOLDERS, slash_path, walk_error};
use crate::diagnostic::FileDiagnostic;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// The relative path as the file system spells it, with `/` as separator.
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

/// Finds every file that a post can refer to, sorted by path. Skips links out of the folder, names
/// that are not UTF-8 and the output of tools. Returns a diagnostic for each unreadable entry.
pub(super) fn find(root: &Path) -> (Vec<SourceFile>, Vec<FileDiagnostic>) {
    let walk = WalkDir::new(root).min_depth(1).into_iter();
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for entry in walk.filter_entry(is_source) {
        match entry {
            Ok(entry) => files.extend(source_file(root, &entry)),
            Err(error) => unreadable.extend(walk_error(root, &error)),
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    (files, unreadable)
}

fn is_source(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_built =
        entry.file_type().is_dir() && (name == "_site" || FOREIGN_FOLDERS.contains(&&*name));
    !(name.starts_with('.') || is_built)
}

fn source_file(root: &Path, entry: &DirEntry) -> Option<SourceFile> {
    let (path, is_text) = slash_path(entry.path().strip_prefix(root).ok()?);
    let target = fs::canonicalize(entry.path()).ok()?;
    let metadata = fs::metadata(&target).ok()?;
    let is_valid = is_text && !path.contains(char::is_control);
    (is_valid && metadata.is_file() && target.starts_with(root)).then_some(SourceFile {
        path,
        bytes: metadata.len(),
    })
}

/// Whether Jekyll turns the file into a page: it is Markdown or HTML, begins with front matter, and
/// no part of its path is special.
pub(super) fn is_page(root: &Path, path: &str) -> bool {
    let is_special = |part: &str| part.starts_with(['_', '#', '~']) || part.ends_with('~');
    if path.split('/').any(is_special) || PostFileName::read(path).format().is_none() {
        return false;
    }
    let mut start = [0; 3];
    let read = File::open(root.join(path)).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && &start == b"---"
}
