//! The data folder that a backup is restored into.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use tintero_domain::clock::Clock;

use crate::{
    CommandError,
    clock::SystemClock,
    data_lock::DataLock,
    keystore::KEYS,
    private_fs::{self, allow_missing, warn_on_error},
    wiring::{DATABASE_FILE, OBJECTS_FOLDER as OBJECTS},
};

/// The folder for unpacked files. It is within the data folder, so that moving files into place is a
/// rename even if the data folder is a mount point.
const STAGING: &str = "restore.partial";

/// The prefix of the folder for previous contents; a timestamp follows.
const PREVIOUS: &str = "before-restore-";

/// The restored parts in the order of their renames. The database is last, so that an incomplete
/// restore has none.
const PARTS: [&str; 3] = [KEYS, OBJECTS, DATABASE_FILE];

/// A locked data folder with an empty staging folder. On drop, removes everything that it created,
/// unless [`Self::commit`] was called.
pub(super) struct RestoreTarget {
    folder: PathBuf,
    /// Names of the previous contents.
    previous: Vec<OsString>,
    folder_existed: bool,
    lock_existed: bool,
    committed: bool,
    _lock: DataLock,
}

impl RestoreTarget {
    /// Locks a data folder. Fails if it is not empty, unless `force` is set.
    pub(super) fn claim(folder: &Path, force: bool) -> Result<Self, CommandError> {
        let folder_existed = folder.exists();
        let lock_existed = folder.join(DataLock::FILE).exists();
        let target = Self {
            _lock: DataLock::acquire(folder)?,
            folder: folder.to_owned(),
            previous: previous_contents(folder).with_context(|| unusable(folder))?,
            folder_existed,
            lock_existed,
            committed: false,
        };
        if !force && let Some(first) = target.previous.first() {
            return Err(CommandError::precondition(format!(
                "{} is not empty (found {}); choose another folder with --data-dir, or use --force to move its contents aside",
                folder.display(),
                first.display()
            )));
        }
        // Deletes the staging folder of a restore that was killed.
        allow_missing(fs::remove_dir_all(target.staging()))
            .and_then(|()| private_fs::create_folder(&target.staging()))
            .with_context(|| unusable(folder))?;
        Ok(target)
    }

    /// The folder for unpacked files.
    pub(super) fn staging(&self) -> PathBuf {
        self.folder.join(STAGING)
    }

    /// Fails if the disk has less than `needed` bytes of free space.
    pub(super) fn check_space(&self, needed: u64) -> Result<(), CommandError> {
        let free = private_fs::free_space(&self.folder).with_context(|| unusable(&self.folder))?;
        if needed <= free {
            return Ok(());
        }
        Err(CommandError::precondition(format!(
            "not enough space in {}: the backup needs {needed} bytes and {free} are free",
            self.folder.display()
        )))
    }

    /// Moves the previous contents aside and the unpacked files into place. Returns the folder with
    /// the previous contents.
    pub(super) fn commit(mut self) -> Result<Option<PathBuf>, CommandError> {
        let moved_to = self.move_previous().with_context(|| {
            format!(
                "cannot move the contents of {} aside",
                self.folder.display()
            )
        })?;
        self.committed = true;
        self.move_into_place().with_context(|| {
            format!(
                "cannot move the restored files into {}; the remaining ones are in {}",
                self.folder.display(),
                self.staging().display()
            )
        })?;
        Ok(moved_to)
    }

    fn move_previous(&self) -> io::Result<Option<PathBuf>> {
        if self.previous.is_empty() {
            return Ok(None);
        }
        let now = SystemClock.now().to_string().replace([':', '.'], "-");
        let folder = self.folder.join(format!("{PREVIOUS}{now}"));
        private_fs::create_folder(&folder)?;
        for name in &self.previous {
            // SQLite deletes its side files when the last connection is closed.
            allow_missing(fs::rename(self.folder.join(name), folder.join(name)))?;
        }
        private_fs::sync_folder(&folder)?;
        Ok(Some(folder))
    }

    fn move_into_place(&self) -> io::Result<()> {
        let staging = self.staging();
        for part in PARTS {
            allow_missing(fs::rename(staging.join(part), self.folder.join(part)))?;
        }
        // A database of an earlier version was converted. Its original is left, and still in the backup.
        fs::remove_dir_all(staging)?;
        private_fs::sync_folder(&self.folder)
    }
}

impl Drop for RestoreTarget {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        let staging = self.staging();
        warn_on_error(fs::remove_dir_all(&staging), &staging);
        if !self.lock_existed {
            let lock = self.folder.join(DataLock::FILE);
            warn_on_error(fs::remove_file(&lock), &lock);
        }
        if !self.folder_existed {
            warn_on_error(fs::remove_dir(&self.folder), &self.folder);
        }
    }
}

/// Returns the sorted names in a data folder, without the files of restores, the lock and the
/// `lost+found` of a new file system.
fn previous_contents(folder: &Path) -> io::Result<Vec<OsString>> {
    let names: io::Result<Vec<_>> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name()))
        .collect();
    let mut names = names?;
    names.retain(|name| {
        let name = name.to_string_lossy();
        ![DataLock::FILE, STAGING, "lost+found"].contains(&&*name) && !name.starts_with(PREVIOUS)
    });
    names.sort_unstable();
    Ok(names)
}

fn unusable(folder: &Path) -> String {
    format!("cannot use {}", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn an_aborted_restore_leaves_the_folder_unchanged() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let target = RestoreTarget::claim(&data, false).unwrap();
        fs::write(target.staging().join("tintero.db"), "half").unwrap();
        drop(target);
        assert!(!data.exists());

        fs::create_dir(&data).unwrap();
        drop(RestoreTarget::claim(&data, false).unwrap());
        assert!(names(&data).is_empty());

        fs::write(data.join("tintero.db"), "mine").unwrap();
        assert!(RestoreTarget::claim(&data, false).is_err());
        drop(RestoreTarget::claim(&data, true).unwrap());
        assert_eq!(names(&data), ["tintero.db"]);
    }

    #[test]
    fn previous_contents_are_moved_aside_and_leftovers_are_deleted() {
        let data = tempfile::tempdir().unwrap();
        for name in ["tintero.db", "tintero.db-wal", "LOCK"] {
            fs::write(data.path().join(name), "old").unwrap();
        }
        fs::create_dir_all(data.path().join("restore.partial/objects")).unwrap();
        let target = RestoreTarget::claim(data.path(), true).unwrap();
        assert!(names(&target.staging()).is_empty());
        fs::write(target.staging().join("tintero.db"), "new").unwrap();
        let previous = target.commit().unwrap().unwrap();
        assert_eq!(names(&previous), ["tintero.db", "tintero.db-wal"]);
        let database = fs::read_to_string(data.path().join("tintero.db")).unwrap();
        assert_eq!((database.as_str(), names(data.path()).len()), ("new", 3));
    }

    #[test]
    fn a_backup_larger_than_the_free_space_is_rejected() {
        let data = tempfile::tempdir().unwrap();
        let target = RestoreTarget::claim(data.path(), false).unwrap();
        assert!(target.check_space(1).is_ok());
        assert_eq!(target.check_space(u64::MAX).is_err(), cfg!(unix));
    }

    #[test]
    fn a_folder_in_use_is_rejected() {
        let data = tempfile::tempdir().unwrap();
        let _server = DataLock::acquire(data.path()).unwrap();
        let error = RestoreTarget::claim(data.path(), true)
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("is in use by process"), "{error}");
    }
}
