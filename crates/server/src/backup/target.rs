//! The data folder that a backup is restored into.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use tintero_domain::clock::Clock;

use crate::{
    Failure,
    clock::SystemClock,
    keystore::KEYS,
    lock::DataLock,
    private,
    wiring::{DATABASE_FILE, OBJECTS_FOLDER as OBJECTS},
};

/// Where files are unpacked, within the data folder: putting them in place is a change of names,
/// even where the data folder is a disk of its own.
const STAGING: &str = "restore.partial";

/// What earlier contents are moved to, with the time.
const ASIDE: &str = "before-restore-";

/// What is put in place, the database last: without it a folder is not taken for restored.
const PARTS: [&str; 3] = [KEYS, OBJECTS, DATABASE_FILE];

/// A data folder that no server uses, with an empty folder for what is unpacked. Dropped, it leaves
/// things as they were.
pub(super) struct Target {
    folder: PathBuf,
    /// What was in the folder.
    occupants: Vec<OsString>,
    was_there: bool,
    lock_was_there: bool,
    kept: bool,
    _lock: DataLock,
}

impl Target {
    /// Takes a data folder. One with something in it is refused unless it may be moved `aside`.
    pub(super) fn claim(folder: &Path, aside: bool) -> Result<Self, Failure> {
        let was_there = folder.exists();
        let lock_was_there = folder.join(DataLock::FILE).exists();
        let target = Self {
            _lock: DataLock::acquire(folder)?,
            folder: folder.to_owned(),
            occupants: occupants(folder).with_context(|| unusable(folder))?,
            was_there,
            lock_was_there,
            kept: false,
        };
        if !aside && let Some(first) = target.occupants.first() {
            return Err(Failure::refused(format!(
                "{} is not empty ({} is in it); name another folder with --data-dir, or move what is there aside with --force",
                folder.display(),
                first.display()
            )));
        }
        target.begin().with_context(|| unusable(folder))?;
        Ok(target)
    }

    fn begin(&self) -> io::Result<()> {
        // A restore that was killed may have left one.
        absent(fs::remove_dir_all(self.staging()))?;
        private::create_folder(&self.staging())
    }

    /// Where to unpack.
    pub(super) fn staging(&self) -> PathBuf {
        self.folder.join(STAGING)
    }

    /// Refuses what the disk has no room for.
    pub(super) fn make_sure_of_room(&self, needed: u64) -> Result<(), Failure> {
        let free = free(&self.folder).with_context(|| unusable(&self.folder))?;
        if needed <= free {
            return Ok(());
        }
        Err(Failure::refused(format!(
            "{} has room for {free} bytes and the backup holds {needed}",
            self.folder.display()
        )))
    }

    /// Puts what was unpacked in place of what was there; answers where that is now.
    pub(super) fn settle(mut self) -> Result<Option<PathBuf>, Failure> {
        let aside = self
            .move_aside()
            .with_context(|| format!("{} could not be moved aside", self.folder.display()))?;
        self.kept = true;
        self.put_in_place().with_context(|| {
            format!(
                "{} could not be filled; the rest of the backup is in {}",
                self.folder.display(),
                self.staging().display()
            )
        })?;
        Ok(aside)
    }

    fn move_aside(&self) -> io::Result<Option<PathBuf>> {
        if self.occupants.is_empty() {
            return Ok(None);
        }
        let now = SystemClock.now().to_string().replace([':', '.'], "-");
        let aside = self.folder.join(format!("{ASIDE}{now}"));
        private::create_folder(&aside)?;
        for name in &self.occupants {
            // SQLite's side files may have gone with the last connection.
            absent(fs::rename(self.folder.join(name), aside.join(name)))?;
        }
        private::sync_folder(&aside)?;
        Ok(Some(aside))
    }

    fn put_in_place(&self) -> io::Result<()> {
        let staging = self.staging();
        for part in PARTS {
            absent(fs::rename(staging.join(part), self.folder.join(part)))?;
        }
        fs::remove_dir(staging)?;
        private::sync_folder(&self.folder)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // This follows a failure that is told; what cannot be removed is cleared by the next try.
        drop(fs::remove_dir_all(self.staging()));
        if !self.lock_was_there {
            drop(fs::remove_file(self.folder.join(DataLock::FILE)));
        }
        if !self.was_there {
            drop(fs::remove_dir(&self.folder));
        }
    }
}

/// What is in a data folder beside our own traces and those of a freshly made disk.
fn occupants(folder: &Path) -> io::Result<Vec<OsString>> {
    let names: io::Result<Vec<_>> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name()))
        .collect();
    let mut names = names?;
    names.retain(|name| {
        let name = name.to_string_lossy();
        ![DataLock::FILE, STAGING, "lost+found"].contains(&&*name) && !name.starts_with(ASIDE)
    });
    names.sort_unstable();
    Ok(names)
}

/// What is not there needs no doing.
fn absent(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// How many bytes this process may still write to the disk of `folder`.
#[cfg(unix)]
fn free(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not known: a full disk is told of when it is full.
#[cfg(not(unix))]
fn free(_folder: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

fn unusable(folder: &Path) -> String {
    format!("{} cannot be used", folder.display())
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
    fn a_restore_that_is_given_up_leaves_the_folder_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let target = Target::claim(&data, false).unwrap();
        fs::write(target.staging().join("tintero.db"), "half").unwrap();
        drop(target);
        assert!(!data.exists());

        fs::create_dir(&data).unwrap();
        drop(Target::claim(&data, false).unwrap());
        assert!(names(&data).is_empty());

        fs::write(data.join("tintero.db"), "mine").unwrap();
        assert!(Target::claim(&data, false).is_err());
        drop(Target::claim(&data, true).unwrap());
        assert_eq!(names(&data), ["tintero.db"]);
    }

    #[test]
    fn what_was_there_is_moved_aside_and_left_overs_are_not() {
        let data = tempfile::tempdir().unwrap();
        for name in ["tintero.db", "tintero.db-wal", "LOCK"] {
            fs::write(data.path().join(name), "old").unwrap();
        }
        fs::create_dir_all(data.path().join("restore.partial/objects")).unwrap();
        let target = Target::claim(data.path(), true).unwrap();
        assert!(names(&target.staging()).is_empty());
        fs::write(target.staging().join("tintero.db"), "new").unwrap();
        let aside = target.settle().unwrap().unwrap();
        assert_eq!(names(&aside), ["tintero.db", "tintero.db-wal"]);
        let database = fs::read_to_string(data.path().join("tintero.db")).unwrap();
        assert_eq!((database.as_str(), names(data.path()).len()), ("new", 3));
    }

    #[test]
    fn a_backup_larger_than_the_disk_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let target = Target::claim(data.path(), false).unwrap();
        assert!(target.make_sure_of_room(1).is_ok());
        assert_eq!(target.make_sure_of_room(u64::MAX).is_err(), cfg!(unix));
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let _server = DataLock::acquire(data.path()).unwrap();
        let refused = Target::claim(data.path(), true).err().unwrap().to_string();
        assert!(refused.contains("is in use by process"), "{refused}");
    }
}
