use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{CommandError, private_fs, wiring::DATABASE_FILE};

/// The folder within the data folder that holds the copies of the database and of a bucket during a
/// backup. A lock prevents concurrent backups. Files of a backup that was killed are deleted by the next one.
pub(super) struct StagingFolder {
    path: PathBuf,
    _lock: File,
}

impl StagingFolder {
    const NAME: &str = "backup.partial";
    const LOCK: &str = "LOCK";

    /// Creates or empties the folder. Fails if another backup holds its lock.
    pub(super) fn claim(data_dir: &Path) -> Result<Self, CommandError> {
        let path = data_dir.join(Self::NAME);
        let unusable = |error: io::Error| {
            CommandError::precondition(format!("cannot use {}: {error}", path.display()))
        };
        private_fs::ensure_folder(&path).map_err(unusable)?;
        let lock = File::create(path.join(Self::LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(CommandError::precondition(format!(
                    "another backup of {} is running; wait until it has finished",
                    data_dir.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        delete_leftovers(&path).map_err(unusable)?;
        Ok(Self { path, _lock: lock })
    }

    /// The path for the copy of the database.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE_FILE)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn delete_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != StagingFolder::LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Drop for StagingFolder {
    fn drop(&mut self) {
        private_fs::warn_on_error(fs::remove_dir_all(&self.path), &self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_are_exclusive_and_leftovers_are_deleted() {
        let data = tempfile::tempdir().unwrap();
        let leftover = data.path().join("backup.partial/tintero.db");
        fs::create_dir(leftover.parent().unwrap()).unwrap();
        fs::write(&leftover, "half").unwrap();
        let first = StagingFolder::claim(data.path()).unwrap();
        assert!(!leftover.exists());
        let error = StagingFolder::claim(data.path()).err().unwrap().to_string();
        assert!(error.contains("another backup of"), "{error}");
        drop(first);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
