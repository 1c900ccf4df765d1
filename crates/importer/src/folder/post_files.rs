use std::{
    fs,
    path::{Component, Path},
};

use tintero_markdown::jekyll::file_name::PostFileName;
use walkdir::{DirEntry, WalkDir};

use super::{FolderEntry, FolderEntryKind, outside};
use crate::{
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
};

const POST_FOLDERS: [&str; 2] = ["_posts", "_drafts"];

/// Folders of other tools. A `_posts` in them does not belong to the site.
pub(super) const FOREIGN_FOLDERS: [&str; 2] = ["node_modules", "vendor"];

/// Finds all files below folders named `_posts` or `_drafts`, at any depth, sorted by path.
pub(super) fn find(root: &Path) -> Result<Vec<FolderEntry>, ImportError> {
    let mut has_post_folder = false;
    let mut found = Vec::new();
    let walk = WalkDir::new(root).min_depth(1).into_iter();
    for entry in walk.filter_entry(is_site_entry) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let diagnostic = walk_error(root, &error);
                found.extend(diagnostic.map(|file| FolderEntry {
                    path: file.path,
                    kind: FolderEntryKind::Refused(file.diagnostic),
                }));
                continue;
            }
        };
        has_post_folder |=
            entry.file_type().is_dir() && is_post_folder(&entry.file_name().to_string_lossy());
        found.extend(folder_entry(root, &entry));
    }
    if !has_post_folder {
        return Err(no_post_folder(root));
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Jekyll skips names that begin with `.`, `_`, `#` or `~` or end with `~`, except its own folders.
fn is_site_entry(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let special = name.starts_with(['.', '_', '#', '~']) || name.ends_with('~');
    let foreign = entry.file_type().is_dir() && FOREIGN_FOLDERS.contains(&name.as_ref());
    is_post_folder(&name) || !(special || foreign)
}

pub(super) fn is_post_folder(name: &str) -> bool {
    POST_FOLDERS.contains(&name)
}

fn folder_entry(root: &Path, entry: &DirEntry) -> Option<FolderEntry> {
    if entry.file_type().is_dir() {
        return None;
    }
    let relative = entry.path().strip_prefix(root).ok()?;
    let is_in_post_folder = relative.components().any(
        |part| matches!(part, Component::Normal(name) if is_post_folder(&name.to_string_lossy())),
    );
    is_in_post_folder.then(|| classified(root, entry, relative))
}

/// Returns the entry of a file that can be a post.
pub(super) fn classified(root: &Path, entry: &DirEntry, relative: &Path) -> FolderEntry {
    let (path, is_text) = slash_path(relative);
    let kind = if !is_text {
        bad_name("has a name that is not UTF-8; rename the file")
    } else if path.contains(char::is_control) {
        bad_name("has a control character in its name; rename the file")
    } else {
        kind(root, entry, &path)
    };
    FolderEntry { path, kind }
}

fn bad_name(reason: &str) -> FolderEntryKind {
    FolderEntryKind::Refused(Diagnostic::new("bad_name", reason))
}

fn kind(root: &Path, entry: &DirEntry, path: &str) -> FolderEntryKind {
    if entry.path_is_symlink() {
        match fs::canonicalize(entry.path()) {
            Ok(target) if !target.starts_with(root) => return FolderEntryKind::Refused(outside()),
            Ok(target) if target.is_dir() => {
                return FolderEntryKind::Ignored("symbolic links to folders are not followed");
            }
            Ok(_) => {}
            Err(_) => {
                return FolderEntryKind::Refused(Diagnostic::new(
                    "unreadable",
                    "is a symbolic link without a target",
                ));
            }
        }
    } else if !entry.file_type().is_file() {
        return FolderEntryKind::Ignored("is not a regular file");
    }
    match PostFileName::read(path).format() {
        Some(_) => FolderEntryKind::Post,
        None => FolderEntryKind::Ignored("is neither Markdown nor HTML"),
    }
}

/// Returns the path with `/` as separator, and whether it is UTF-8.
pub(super) fn slash_path(relative: &Path) -> (String, bool) {
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    (parts.join("/"), relative.to_str().is_some())
}

/// Returns a diagnostic for an entry that cannot be read.
pub(super) fn walk_error(root: &Path, error: &walkdir::Error) -> Option<FileDiagnostic> {
    let relative = error.path()?.strip_prefix(root).ok()?;
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let diagnostic = Diagnostic::new("unreadable", format!("cannot be read: {reason}"));
    Some(FileDiagnostic::new(slash_path(relative).0, diagnostic))
}

fn no_post_folder(root: &Path) -> ImportError {
    let is_inside = root
        .iter()
        .any(|part| is_post_folder(&part.to_string_lossy()));
    let hint = if is_inside {
        "use the folder above `_posts`"
    } else {
        "use the folder of a Jekyll, Hugo or Zola site"
    };
    ImportError::new(format!(
        "{}: contains no `_posts` or `_drafts` folder; {hint}",
        root.display()
    ))
}
