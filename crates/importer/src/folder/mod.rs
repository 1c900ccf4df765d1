//! Reads the folder to import, and never a file outside of it.

mod all_files;
mod content_files;
mod post_files;

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

pub(crate) use all_files::SourceFile;

use tempfile::TempDir;

use crate::{
    archives,
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
    text::sha256_of,
};

/// The largest file that is read whole, in bytes.
const MAX_FILE: u64 = 2 * 1024 * 1024;

/// The folder of a site.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Canonical, without symbolic links and `..`.
    root: PathBuf,
    /// The name of the folder, or of the export file.
    name: Option<String>,
    /// The folder of a converted export file, which is removed at the end.
    _converted: Option<TempDir>,
}

/// A file below `_posts` or `_drafts`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FolderEntry {
    /// Relative to the root, with `/` as separator.
    pub(crate) path: String,
    pub(crate) kind: FolderEntryKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FolderEntryKind {
    /// A file with the extension of a post.
    Post,
    /// Not a post, for this reason.
    Ignored(&'static str),
    Refused(Diagnostic),
}

impl Folder {
    /// Opens a folder, or an export file of WordPress or Ghost.
    pub(crate) fn open(folder: &Path) -> Result<Self, ImportError> {
        let error = |why: &str| ImportError::new(format!("{}: {why}", folder.display()));
        let root = fs::canonicalize(folder).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => error("there is no such folder"),
            _ => error(&format!("the folder cannot be opened ({cause})")),
        })?;
        let name = if root.is_dir() {
            root.file_name()
        } else {
            root.file_stem()
        };
        let name = name.and_then(OsStr::to_str).map(str::to_owned);
        let converted = if root.is_dir() {
            None
        } else {
            Some(archives::convert(&root)?)
        };
        let root = match &converted {
            Some(folder) => {
                fs::canonicalize(folder.path()).map_err(|cause| error(&cause.to_string()))?
            }
            None => root,
        };
        Ok(Self {
            root,
            name,
            _converted: converted,
        })
    }

    /// Returns the name of the folder or of the export file, if it is UTF-8.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the files below `_posts` and `_drafts`, sorted by path.
    pub(crate) fn post_files(&self) -> Result<Vec<FolderEntry>, ImportError> {
        post_files::find(&self.root)
    }

    /// Returns the Markdown and HTML files below the content folders of Hugo or Zola, sorted by path.
    pub(crate) fn content_files(&self, folders: &[&str]) -> Vec<FolderEntry> {
        content_files::find(&self.root, folders)
    }

    /// Returns every file that a post or a byline can refer to, sorted by path, and a diagnostic for
    /// each unreadable entry.
    pub(crate) fn all_files(&self) -> (Vec<SourceFile>, Vec<FileDiagnostic>) {
        all_files::find(&self.root)
    }

    pub(crate) fn is_page(&self, path: &str) -> bool {
        !path.split('/').any(post_files::is_post_folder) && all_files::is_page(&self.root, path)
    }

    /// Returns the canonical path of a file. Fails if it is outside the folder.
    pub(crate) fn resolve(&self, path: &str) -> Result<PathBuf, Diagnostic> {
        let resolved = fs::canonicalize(self.root.join(path)).map_err(unreadable)?;
        if resolved.starts_with(&self.root) {
            Ok(resolved)
        } else {
            Err(outside())
        }
    }

    /// Returns the SHA-256 of a file of any size.
    pub(crate) fn digest(&self, path: &str) -> Result<String, Diagnostic> {
        let file = File::open(self.resolve(path)?).map_err(unreadable)?;
        sha256_of(file).map_err(unreadable)
    }

    /// Reads a file. Fails if it is larger than 2 MiB.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, Diagnostic> {
        let mut bytes = Vec::new();
        let file = File::open(self.resolve(path)?).map_err(unreadable)?;
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE {
            let limit = MAX_FILE / 1024 / 1024;
            let reason = format!("is larger than the limit of {limit} MiB");
            return Err(Diagnostic::new("too_large", reason));
        }
        Ok(bytes)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "`map_err` passes the error by value"
)]
fn unreadable(error: io::Error) -> Diagnostic {
    Diagnostic::new("unreadable", format!("cannot be read: {error}"))
}

fn outside() -> Diagnostic {
    Diagnostic::new(
        "outside",
        "is a symbolic link to a target outside the folder, so it was not read",
    )
}

#[cfg(test)]
mod tests;
