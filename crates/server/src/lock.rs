//! One server per data folder.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process,
};

use crate::Failure;

/// The right to serve a data folder; it ends with the process, even when that is killed.
#[derive(Debug)]
pub struct DataLock {
    file: File,
    path: PathBuf,
}

impl DataLock {
    /// Its file's name in the data folder.
    pub(crate) const FILE: &str = "LOCK";

    /// Takes the lock of `data_dir`, which is made where it is missing, or says who has it.
    pub fn acquire(data_dir: &Path) -> Result<Self, Failure> {
        let path = data_dir.join(Self::FILE);
        let unusable = |error: io::Error| {
            Failure::refused(format!("{} cannot be used: {error}", path.display()))
        };
        fs::create_dir_all(data_dir).map_err(unusable)?;
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(data_dir, &mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let mut lock = Self { file, path };
        lock.note(&format!("process {}", process::id()))?;
        Ok(lock)
    }

    /// Notes the address under which the holder answers, for whoever finds the folder locked.
    pub fn announced(mut self, address: SocketAddr) -> Result<Self, Failure> {
        self.note(&format!(
            "process {}, which listens on {address}",
            process::id()
        ))?;
        Ok(self)
    }

    fn note(&mut self, holder: &str) -> Result<(), Failure> {
        let mut write = || {
            self.file.rewind()?;
            self.file.set_len(0)?;
            writeln!(self.file, "{holder}")
        };
        write().map_err(|error| {
            Failure::refused(format!(
                "{} cannot be written: {error}",
                self.path.display()
            ))
        })
    }
}

fn held(data_dir: &Path, file: &mut File) -> Failure {
    let mut holder = String::new();
    // Where locks are mandatory the note cannot be read; the refusal stands without it.
    let known = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
    let holder = if known {
        holder.trim()
    } else {
        "another process"
    };
    Failure::refused(format!(
        "the data folder {} is in use by {holder}; stop that server or choose another folder with TINTERO_DATA_DIR",
        data_dir.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_and_told_who_holds_the_folder() {
        let data = tempfile::tempdir().unwrap();
        let _first = DataLock::acquire(data.path())
            .unwrap()
            .announced("127.0.0.1:4321".parse().unwrap())
            .unwrap();
        let text = DataLock::acquire(data.path()).unwrap_err().to_string();
        let holder = format!("process {}, which listens on 127.0.0.1:4321", process::id());
        assert!(text.contains(&holder), "{text}");
    }

    #[test]
    fn a_lock_ends_with_its_holder() {
        let data = tempfile::tempdir().unwrap();
        drop(DataLock::acquire(data.path()).unwrap());
        assert!(DataLock::acquire(data.path()).is_ok());
    }
}
