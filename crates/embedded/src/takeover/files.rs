use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::failure::TakeoverFailure;

/// The database file and the files next to it during a takeover.
#[derive(Debug)]
pub(super) struct TakeoverFiles {
    pub(super) path: PathBuf,
    /// The new file while it is written.
    pub(super) partial: PathBuf,
    /// The new file when it is complete and on the disk.
    complete: PathBuf,
    lock: PathBuf,
}

/// Held during a takeover. The process that completes it deletes the file.
#[derive(Debug)]
pub(super) struct TakeoverLock {
    _file: File,
}

impl TakeoverFiles {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            partial: with_suffix(path, ".takeover.partial"),
            complete: with_suffix(path, ".takeover"),
            lock: with_suffix(path, ".takeover.lock"),
        }
    }

    /// Locks the takeover of this file.
    pub(super) fn lock(&self) -> Result<TakeoverLock, TakeoverFailure> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let file = options.open(&self.lock)?;
        match file.try_lock() {
            Ok(()) => Ok(TakeoverLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(TakeoverFailure::Running),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Whether a crash came after the old file was moved aside.
    pub(super) fn is_interrupted(&self) -> io::Result<bool> {
        Ok(!self.path.try_exists()? && self.complete.try_exists()?)
    }

    /// Deletes the new files of an earlier takeover. The old file may have changed since.
    pub(super) fn remove_leftovers(&self) -> io::Result<()> {
        for file in [&self.partial, &self.complete] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Marks the synced new file as complete.
    pub(super) fn complete(&self) -> io::Result<()> {
        fs::rename(&self.partial, &self.complete)?;
        self.sync_folder()
    }

    /// Gives the old file the name under which it is kept.
    pub(super) fn move_aside(&self) -> io::Result<()> {
        fs::rename(&self.path, self.kept()?)?;
        self.sync_folder()
    }

    /// Gives the complete new file the name of the old one.
    pub(super) fn replace(&self) -> Result<(), TakeoverFailure> {
        fs::rename(&self.complete, &self.path)?;
        self.sync_folder()?;
        fs::remove_file(&self.lock)?;
        Ok(())
    }

    /// The first unused name for the old file.
    fn kept(&self) -> io::Result<PathBuf> {
        let first = with_suffix(&self.path, ".before-engine-2");
        let mut kept = first.clone();
        let mut number = 1;
        while kept.try_exists()? {
            number += 1;
            kept = with_suffix(&first, &format!("-{number}"));
        }
        Ok(kept)
    }

    /// Makes the names of files durable.
    fn sync_folder(&self) -> io::Result<()> {
        match self.path.parent() {
            Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }

    /// Refuses a takeover if the disk has less than `needed` free bytes.
    pub(super) fn check_space(&self, needed: u64) -> io::Result<()> {
        let free = self.free_space()?;
        if needed <= free {
            return Ok(());
        }
        let reason = format!("its conversion needs {needed} bytes and {free} are free");
        Err(io::Error::new(io::ErrorKind::StorageFull, reason))
    }

    #[cfg(unix)]
    fn free_space(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.path)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "same signature as on Unix")]
    fn free_space(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
