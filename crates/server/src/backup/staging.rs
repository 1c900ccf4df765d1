use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{Failure, private, wiring::DATABASE_FILE};

/// The folder within the data folder where the copy of the database waits to be packed. Locked:
/// what an earlier backup left behind when it was killed is cleared away by the next.
pub(super) struct Staging {
    folder: PathBuf,
    _lock: File,
}

impl Staging {
    const NAME: &str = "backup.partial";
    const LOCK: &str = "LOCK";

    /// Takes the folder, empty, or says that another backup has it.
    pub(super) fn claim(data_dir: &Path) -> Result<Self, Failure> {
        let folder = data_dir.join(Self::NAME);
        let unusable = |error: io::Error| {
            Failure::refused(format!("{} cannot be used: {error}", folder.display()))
        };
        match private::create_folder(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(unusable(error));
            }
            Ok(()) | Err(_) => {}
        }
        let lock = File::create(folder.join(Self::LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::refused(format!(
                    "another backup of {} is being made; wait until it has finished",
                    data_dir.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        clear(&folder).map_err(unusable)?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where the copy of the database goes.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() != Staging::LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What stays is cleared away by the next backup.
        drop(fs::remove_dir_all(&self.folder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_backup_is_made_at_a_time_and_left_overs_are_cleared_away() {
        let data = tempfile::tempdir().unwrap();
        let left = data.path().join("backup.partial/tintero.db");
        fs::create_dir(left.parent().unwrap()).unwrap();
        fs::write(&left, "half").unwrap();
        let first = Staging::claim(data.path()).unwrap();
        assert!(!left.exists());
        let refused = Staging::claim(data.path()).err().unwrap().to_string();
        assert!(refused.contains("another backup of"), "{refused}");
        drop(first);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
