//! Copies a database while it is in use.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::EngineError;
use crate::store::{SqlDatabase, create_private, resolved};

/// Writes the copy to `<path>.partial` and renames it when it is complete.
pub(crate) fn write(database: &SqlDatabase, path: &Path) -> Result<(), EngineError> {
    let path = resolved(path)?;
    if path
        .try_exists()
        .map_err(|error| EngineError::of_io(&path, error))?
    {
        return Err(EngineError::CopyExists { path });
    }
    let partial = partial_of(&path);
    let written = fill(database, &partial)
        .and_then(|()| publish(&partial, &path).map_err(|error| EngineError::of_io(&path, error)));
    if written.is_err() {
        // The first error is returned. The next copy overwrites a leftover file.
        drop(fs::remove_file(&partial));
    }
    written
}

fn partial_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".partial");
    name.into()
}

fn fill(database: &SqlDatabase, partial: &Path) -> Result<(), EngineError> {
    prepare(partial).map_err(|error| EngineError::of_io(partial, error))?;
    database
        .copy_into(partial)
        .map_err(|error| EngineError::of_file(partial, error))
}

/// `VACUUM INTO` requires an empty or absent file.
fn prepare(partial: &Path) -> io::Result<()> {
    match fs::remove_file(partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_private(partial).map(drop),
    }
}

/// Syncs the file, which `VACUUM INTO` does not, and then the folder that holds its new name.
fn publish(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, path)?;
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
