//! Files and folders that only their owner can read, and durable renames.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Creates a folder with mode 0700 on Unix. Its parent must exist.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a folder with mode 0700 on Unix unless it exists. Its parent must exist.
pub(crate) fn ensure_folder(path: &Path) -> io::Result<()> {
    match create_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Creates a file with mode 0600 on Unix and opens it for writing. Fails if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Syncs a folder, so that new and renamed files in it survive a power failure.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Ignores the error of a missing file or folder.
pub(crate) fn allow_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Logs the error of a removal and continues.
pub(crate) fn warn_on_error(result: io::Result<()>, path: &Path) {
    if let Err(error) = allow_missing(result) {
        tracing::warn!(%error, path = %path.display(), "could not remove a temporary file");
    }
}
