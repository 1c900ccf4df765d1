//! Ensures that only one server uses a data folder.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Seek, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process,
};

use crate::{CommandError, private_fs};

/// An exclusive lock on a data folder. The operating system releases it when the process ends.
#[derive(Debug)]
pub struct DataLock {
    file: File,
    path: PathBuf,
    /// Locked too, because `LOCK` can be removed and created again while a server runs.
    _folder: Option<File>,
}

impl DataLock {
    /// Name of the lock file in the data folder.
    pub(crate) const FILE: &str = "LOCK";

    /// Locks `data_dir` and creates it if it is missing. Fails with the name of the holder if it is locked.
    pub fn acquire(data_dir: &Path) -> Result<Self, CommandError> {
        let path = data_dir.join(Self::FILE);
        let unusable = |error: io::Error| {
            CommandError::precondition(format!("cannot use {}: {error}", path.display()))
        };
        private_fs::private_folder(data_dir).map_err(|error| {
            CommandError::precondition(format!(
                "cannot use the data folder {}: {error}",
                data_dir.display()
            ))
        })?;
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let folder = lock_folder(data_dir).map_err(|()| locked(data_dir, &path))?;
        let file = options.open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(locked(data_dir, &path)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let mut lock = Self {
            file,
            path,
            _folder: folder,
        };
        lock.write_holder(&format!("process {}", process::id()))?;
        Ok(lock)
    }

    /// Writes the address of the server to the lock file, for the error message of other processes.
    pub fn with_address(mut self, address: SocketAddr) -> Result<Self, CommandError> {
        self.write_holder(&format!(
            "process {}, listening on {address}",
            process::id()
        ))?;
        Ok(self)
    }

    fn write_holder(&mut self, holder: &str) -> Result<(), CommandError> {
        let mut write = || {
            self.file.rewind()?;
            self.file.set_len(0)?;
            writeln!(self.file, "{holder}")
        };
        write().map_err(|error| {
            CommandError::precondition(format!("cannot write {}: {error}", self.path.display()))
        })
    }
}

/// Locks the folder itself. Returns `None` if the file system or the platform cannot lock folders, and
/// an error if another process holds the lock.
fn lock_folder(data_dir: &Path) -> Result<Option<File>, ()> {
    let Ok(folder) = File::open(data_dir) else {
        return Ok(None);
    };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(()),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

fn locked(data_dir: &Path, path: &Path) -> CommandError {
    // With mandatory locks the file is not readable.
    let holder = fs::read_to_string(path).unwrap_or_default();
    let holder = match holder.trim() {
        "" => "another process",
        holder => holder,
    };
    CommandError::precondition(format!(
        "the data folder {} is in use by {holder}; stop that server or set TINTERO_DATA_DIR to another folder",
        data_dir.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locking_twice_fails_with_the_name_of_the_holder() {
        let data = tempfile::tempdir().unwrap();
        let _first = DataLock::acquire(data.path())
            .unwrap()
            .with_address("127.0.0.1:4321".parse().unwrap())
            .unwrap();
        let text = DataLock::acquire(data.path()).unwrap_err().to_string();
        let holder = format!("process {}, listening on 127.0.0.1:4321", process::id());
        assert!(text.contains(&holder), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_removed_lock_file_does_not_release_the_folder() {
        let data = tempfile::tempdir().unwrap();
        let _server = DataLock::acquire(data.path()).unwrap();
        fs::remove_file(data.path().join(DataLock::FILE)).unwrap();
        let text = DataLock::acquire(data.path()).unwrap_err().to_string();
        assert!(text.contains("is in use by another process"), "{text}");
    }

    #[test]
    fn dropping_a_lock_releases_it() {
        let data = tempfile::tempdir().unwrap();
        drop(DataLock::acquire(data.path()).unwrap());
        assert!(DataLock::acquire(data.path()).is_ok());
    }
}
