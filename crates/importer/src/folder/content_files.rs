use std::path::Path;

use tintero_markdown::jekyll::file_name::PostFileName;
use walkdir::{DirEntry, WalkDir};

use super::{
    FolderEntry, FolderEntryKind,
    post_files::{classified, walk_error},
};

/// Finds the Markdown and HTML files below the content folders of Hugo and Zola, and the files that cannot
/// be read, sorted by path. Other files belong to pages.
pub(super) fn find(root: &Path, folders: &[&str]) -> Vec<FolderEntry> {
    let mut found = Vec::new();
    for folder in folders {
        let walk = WalkDir::new(root.join(folder)).min_depth(1).into_iter();
        for entry in walk.filter_entry(is_visible) {
            match entry {
                Ok(entry) => found.extend(content_entry(root, &entry)),
                Err(error) => {
                    let diagnostic = walk_error(root, &error);
                    // A content folder without files is not an error.
                    found.extend(diagnostic.filter(|file| file.path != *folder).map(|file| {
                        FolderEntry {
                            path: file.path,
                            kind: FolderEntryKind::Refused(file.diagnostic),
                        }
                    }));
                }
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found.dedup_by(|one, other| one.path == other.path);
    found
}

fn is_visible(entry: &DirEntry) -> bool {
    !entry.file_name().to_string_lossy().starts_with('.')
}

fn content_entry(root: &Path, entry: &DirEntry) -> Option<FolderEntry> {
    if entry.file_type().is_dir() {
        return None;
    }
    let name = entry.file_name().to_string_lossy();
    PostFileName::read(&name).format()?;
    let relative = entry.path().strip_prefix(root).ok()?;
    Some(classified(root, entry, relative))
}
