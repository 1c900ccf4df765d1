use std::{
    fs,
    path::{Component, Path},
};

use tintero_markdown::jekyll::file_name::FileName;
use walkdir::{DirEntry, WalkDir};

use super::{Found, Kind, outside};
use crate::finding::{Finding, Refusal};

const ROOMS: [&str; 2] = ["_posts", "_drafts"];

/// Folders of other tools, where a `_posts` would be none of this site's.
pub(super) const FOREIGN: [&str; 2] = ["node_modules", "vendor"];

/// Everything below a folder named `_posts` or `_drafts`, at any depth, sorted by path.
pub(super) fn found(root: &Path) -> Result<Vec<Found>, Refusal> {
    let mut has_room = false;
    let mut found = Vec::new();
    let walk = WalkDir::new(root).min_depth(1).into_iter();
    for entry in walk.filter_entry(is_of_the_site) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.extend(unreadable(root, &error));
                continue;
            }
        };
        has_room |= entry.file_type().is_dir() && is_room(&entry.file_name().to_string_lossy());
        found.extend(look(root, &entry));
    }
    if !has_room {
        return Err(no_posts(root));
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Jekyll passes over what begins with `.`, `_`, `#` or `~` or ends with `~`, but for its own rooms.
fn is_of_the_site(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let special = name.starts_with(['.', '_', '#', '~']) || name.ends_with('~');
    let foreign = entry.file_type().is_dir() && FOREIGN.contains(&name.as_ref());
    is_room(&name) || !(special || foreign)
}

pub(super) fn is_room(name: &str) -> bool {
    ROOMS.contains(&name)
}

fn look(root: &Path, entry: &DirEntry) -> Option<Found> {
    if entry.file_type().is_dir() {
        return None;
    }
    let relative = entry.path().strip_prefix(root).ok()?;
    let in_room = relative
        .components()
        .any(|part| matches!(part, Component::Normal(name) if is_room(&name.to_string_lossy())));
    if !in_room {
        return None;
    }
    let (path, is_text) = slashed(relative);
    let kind = if !is_text {
        bad_name("has a name that is not UTF-8; rename the file")
    } else if path.contains(char::is_control) {
        bad_name("has a line break or another control character in its name; rename the file")
    } else {
        kind(root, entry, &path)
    };
    Some(Found { path, kind })
}

fn bad_name(reason: &str) -> Kind {
    Kind::Refused(Finding::new("bad_name", reason))
}

fn kind(root: &Path, entry: &DirEntry, path: &str) -> Kind {
    if entry.path_is_symlink() {
        match fs::canonicalize(entry.path()) {
            Ok(target) if !target.starts_with(root) => return Kind::Refused(outside()),
            Ok(target) if target.is_dir() => {
                return Kind::Ignored("links to folders are not followed");
            }
            Ok(_) => {}
            Err(_) => {
                return Kind::Refused(Finding::new(
                    "unreadable",
                    "is a symbolic link that leads nowhere",
                ));
            }
        }
    } else if !entry.file_type().is_file() {
        return Kind::Ignored("is no file");
    }
    match FileName::read(path).format() {
        Some(_) => Kind::Post,
        None => Kind::Ignored("is neither Markdown nor HTML"),
    }
}

/// The path with `/` between its parts, and whether all of it is text.
pub(super) fn slashed(relative: &Path) -> (String, bool) {
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    (parts.join("/"), relative.to_str().is_some())
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Option<Found> {
    let relative = error.path()?.strip_prefix(root).ok()?;
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    Some(Found {
        path: slashed(relative).0,
        kind: Kind::Refused(Finding::new(
            "unreadable",
            format!("cannot be read: {reason}"),
        )),
    })
}

fn no_posts(root: &Path) -> Refusal {
    let inside = root.iter().any(|part| is_room(&part.to_string_lossy()));
    let hint = if inside {
        "give the folder above `_posts`"
    } else {
        "give the folder of a Jekyll site"
    };
    Refusal::new(format!(
        "{}: there is no `_posts` or `_drafts` folder in it; {hint}",
        root.display()
    ))
}
