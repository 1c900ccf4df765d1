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

/// Creates a folder and its missing parents with mode 0700 on Unix. Withdraws the permissions of other
/// users on an existing folder.
///
/// # Errors
/// Errors of the file system; [`io::ErrorKind::PermissionDenied`] if the folder belongs to another user,
/// or if all users share it, such as `/tmp`.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    tighten(path)
}

#[cfg(unix)]
fn tighten(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    /// In a folder with this bit, which many users share, each can remove its own files only.
    const STICKY: u32 = 0o1000;
    /// The permissions of other users and of the group.
    const OTHERS: u32 = 0o077;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let denied = |reason: &str| {
        let message = format!(
            "other users can access it (mode {:04o}) and {reason}; use a folder in it, which is created with mode 0700",
            mode & 0o7777
        );
        io::Error::new(io::ErrorKind::PermissionDenied, message)
    };
    // An empty one can be a new mount point.
    if mode & STICKY != 0 && fs::read_dir(path)?.next().is_some() {
        return Err(denied("share it"));
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
        .map_err(|error| denied(&format!("its mode cannot be changed: {error}")))?;
    tracing::warn!(path = %path.display(), "withdrew the permissions of other users");
    Ok(())
}

#[cfg(not(unix))]
fn tighten(_path: &Path) -> io::Result<()> {
    Ok(())
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

/// Returns the number of bytes that this process may write to the disk of `folder`.
#[cfg(unix)]
pub(crate) fn free_space(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub(crate) fn free_space(_folder: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path)
            .expect("the path exists")
            .permissions()
            .mode()
            & 0o7777
    }

    #[test]
    fn new_folders_are_private_and_loose_ones_are_tightened() {
        let home = tempfile::tempdir().unwrap();
        let new = home.path().join("a/b");
        private_folder(&new).unwrap();
        assert_eq!((mode(&home.path().join("a")), mode(&new)), (0o700, 0o700));
        for loose in [0o755, 0o777, 0o750, 0o2775] {
            fs::set_permissions(&new, fs::Permissions::from_mode(loose)).unwrap();
            private_folder(&new).unwrap();
            assert_eq!(mode(&new), 0o700);
        }
    }

    #[test]
    fn a_folder_that_all_users_share_is_rejected() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o1777)).unwrap();
        fs::write(home.path().join("other"), "x").unwrap();
        let error = private_folder(home.path()).unwrap_err().to_string();
        assert!(error.contains("use a folder in it"), "{error}");
        assert_eq!(mode(home.path()), 0o1777);
        fs::remove_file(home.path().join("other")).unwrap();
        private_folder(home.path()).unwrap();
        assert_eq!(mode(home.path()), 0o700);
    }
}
