use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::post_file::safe_path;
use crate::{diagnostic::Diagnostic, error::ImportError};

/// The folder of an export. Nothing is written outside of it.
#[derive(Debug)]
pub(super) struct OutputFolder {
    root: PathBuf,
    /// The paths of this run in lower case, because some file systems ignore case.
    written: Mutex<BTreeSet<String>>,
}

impl OutputFolder {
    /// Creates the folder. A folder with files needs `overwrite`.
    pub(super) fn open(root: &Path, overwrite: bool) -> Result<Self, ImportError> {
        let error =
            |why: &dyn std::fmt::Display| ImportError::new(format!("{}: {why}", root.display()));
        fs::create_dir_all(root).map_err(|cause| error(&format!("cannot be created ({cause})")))?;
        let mut entries =
            fs::read_dir(root).map_err(|cause| error(&format!("cannot be read ({cause})")))?;
        if entries.next().is_some() && !overwrite {
            return Err(error(
                &"is not empty; choose another folder or use --overwrite",
            ));
        }
        Ok(Self {
            root: root.to_owned(),
            written: Mutex::default(),
        })
    }

    /// Writes a file. A second file of the run with the same path gets a number. Returns the path.
    pub(super) fn write_new(&self, path: &str, bytes: &[u8]) -> Result<String, Diagnostic> {
        let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
        let mut free = path.to_owned();
        let mut number = 2;
        while !self.take(&free) {
            free = format!("{stem}-{number}.{extension}");
            number += 1;
        }
        self.write_at(&free, bytes)?;
        Ok(free)
    }

    /// Writes a file and replaces one with the same path.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.take(path);
        self.write_at(path, bytes)
    }

    fn take(&self, path: &str) -> bool {
        let mut written = self.written.lock().expect("no holder of the lock panics");
        written.insert(path.to_lowercase())
    }

    fn write_at(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let Some(path) = safe_path(path) else {
            return Err(Diagnostic::new(
                "bad_path",
                "is not a path within the folder",
            ));
        };
        let target = self.root.join(path);
        let folder = target.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(unwritable)?;
        // A link in the folder could lead outside of it.
        let is_inside = fs::canonicalize(folder)
            .and_then(|folder| Ok(folder.starts_with(fs::canonicalize(&self.root)?)))
            .map_err(unwritable)?;
        if !is_inside || target.is_symlink() {
            return Err(Diagnostic::new(
                "bad_path",
                "leads outside the folder by a link",
            ));
        }
        fs::write(&target, bytes).map_err(unwritable)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "`map_err` passes the error by value"
)]
fn unwritable(error: io::Error) -> Diagnostic {
    Diagnostic::new("unwritable", format!("cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_folder_with_files_needs_permission() {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("a"), "x").unwrap();
        assert!(OutputFolder::open(dir.path(), false).is_err());
        assert!(OutputFolder::open(dir.path(), true).is_ok());
    }

    #[test]
    fn paths_outside_the_folder_are_refused() {
        let dir = TempDir::new().unwrap();
        let folder = OutputFolder::open(&dir.path().join("out"), false).unwrap();
        for path in ["../a", "/a", "a/../../b", "", "a\\..\\b"] {
            assert!(folder.write(path, b"x").is_err(), "{path}");
        }
        assert_eq!(folder.write_new("a.md", b"x").unwrap(), "a.md");
        assert_eq!(folder.write_new("A.md", b"x").unwrap(), "A-2.md");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_outside() {
        let dir = TempDir::new().unwrap();
        let folder = OutputFolder::open(&dir.path().join("out"), false).unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("out/link")).unwrap();
        assert_eq!(folder.write("link/a", b"x").unwrap_err().code, "bad_path");
    }
}
