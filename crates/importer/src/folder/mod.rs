//! The folder that is moved in. Nothing outside of it is ever read.

mod inventory;
mod walk;

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

pub(crate) use inventory::Lying;
use sha2::{Digest as _, Sha256};

use crate::{
    finding::{Finding, Refusal},
    text::hex,
};

/// A larger file is no post.
const MAX_FILE: u64 = 2 * 1024 * 1024;

/// A folder with posts in it.
#[derive(Debug)]
pub(crate) struct Folder {
    /// The folder's true place: no link and no `..` is left in it.
    root: PathBuf,
}

/// Something that lies among the posts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where, from the root on, with `/` between its parts.
    pub(crate) path: String,
    /// What.
    pub(crate) kind: Kind,
}

/// What lies among the posts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file whose name ends as a post's does.
    Post,
    /// Something else, with the reason why it is passed over.
    Ignored(&'static str),
    /// Something that must not be read, with the reason.
    Refused(Finding),
}

impl Folder {
    pub(crate) fn open(folder: &Path) -> Result<Self, Refusal> {
        let refused = |why: &str| Refusal::new(format!("{}: {why}", folder.display()));
        let root = fs::canonicalize(folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => refused("there is no such folder"),
            _ => refused(&format!("the folder cannot be opened ({error})")),
        })?;
        if !root.is_dir() {
            return Err(refused("is a file; give the folder that holds `_posts`"));
        }
        Ok(Self { root })
    }

    /// Its own name, if it has one that is text.
    pub(crate) fn name(&self) -> Option<&str> {
        self.root.file_name()?.to_str()
    }

    /// Everything among its posts and drafts, sorted by path.
    pub(crate) fn found(&self) -> Result<Vec<Found>, Refusal> {
        walk::found(&self.root)
    }

    /// Every file that a post or a person can name, sorted by path.
    pub(crate) fn files(&self) -> Vec<Lying> {
        inventory::files(&self.root)
    }

    /// Whether Jekyll makes a page of a file.
    pub(crate) fn is_page(&self, path: &str) -> bool {
        !inventory::is_in_room(path) && inventory::is_page(&self.root, path)
    }

    /// The true place of a file.
    pub(crate) fn place(&self, path: &str) -> Result<PathBuf, Finding> {
        let place = fs::canonicalize(self.root.join(path)).map_err(unreadable)?;
        if place.starts_with(&self.root) {
            Ok(place)
        } else {
            Err(outside())
        }
    }

    /// The SHA-256 of a file of any size.
    pub(crate) fn digest(&self, path: &str) -> Result<String, Finding> {
        let mut file = File::open(self.place(path)?).map_err(unreadable)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        loop {
            match file.read(&mut piece).map_err(unreadable)? {
                0 => return Ok(hex(&hash.finalize())),
                length => hash.update(&piece[..length]),
            }
        }
    }

    /// The bytes of a file.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, Finding> {
        let mut bytes = Vec::new();
        let file = File::open(self.place(path)?).map_err(unreadable)?;
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE {
            let reason = format!(
                "is larger than {} MiB, so it was not read",
                MAX_FILE / 1024 / 1024
            );
            return Err(Finding::new("too_large", reason));
        }
        Ok(bytes)
    }

    /// The first of these files that is there.
    pub(crate) fn read_any(
        &self,
        paths: &[&'static str],
    ) -> Option<(&'static str, Result<Vec<u8>, Finding>)> {
        let path = paths.iter().find(|path| self.root.join(path).exists())?;
        Some((path, self.read(path)))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form that `map_err` takes"
)]
fn unreadable(error: io::Error) -> Finding {
    Finding::new("unreadable", format!("cannot be read: {error}"))
}

/// What is said of a link that leads elsewhere.
fn outside() -> Finding {
    Finding::new(
        "outside",
        "is a symbolic link that leads out of the folder, so it was not read",
    )
}

#[cfg(test)]
mod tests;
