//! Takes over a database file of dynoxide, the engine of earlier versions.
//!
//! The tables are copied into a new file, which is compared with the old one item by item and synced. Then the
//! new file gets the name of the old one, which is kept as `<file>.before-engine-2`. After a crash at any moment the
//! next opening continues or starts again; until the end the old file holds all data.
//!
//! 1. `old_file` reads the old file and locks it.
//! 2. `copying` fills the new file with the operations of this engine.
//! 3. `comparison` compares both files.
//! 4. `files` names the files and renames them.
//! 5. `failure` is the error of all of these.

mod comparison;
mod copying;
mod failure;
mod files;
mod old_file;

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::path::Path;

use self::failure::TakeoverFailure;
use self::files::TakeoverFiles;
use self::old_file::OldFile;
use crate::error::EngineError;
use crate::store::{self, create_private};

/// A moment at which a crash leaves a different set of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Claimed,
    Created,
    Copied,
    Compared,
    Completed,
    MovedAside,
    Replaced,
}

/// Takes over the file `path` if dynoxide wrote it, and completes a takeover that a crash interrupted.
///
/// # Errors
///
/// [`EngineError::Locked`] if another process uses or takes over the file, [`EngineError::NoSpace`], or
/// [`EngineError::NotTakenOver`]. The old file is unchanged then.
pub(crate) fn take_over_if_needed(path: &Path) -> Result<(), EngineError> {
    take_over(path, |_| ())
}

fn take_over(path: &Path, reached: impl Fn(Step)) -> Result<(), EngineError> {
    let files = TakeoverFiles::of(path);
    let run = || {
        if !is_needed(&files)? {
            return Ok(());
        }
        let _lock = files.lock()?;
        // Another process may have completed it in the meantime.
        if files.is_interrupted()? {
            return files.replace();
        }
        if !OldFile::is_at(path)? {
            return Ok(());
        }
        convert(&files, &reached)
    };
    run().map_err(|failure| failure.in_file(path))
}

fn is_needed(files: &TakeoverFiles) -> Result<bool, TakeoverFailure> {
    Ok(files.is_interrupted()? || OldFile::is_at(&files.path)?)
}

fn convert(files: &TakeoverFiles, reached: &impl Fn(Step)) -> Result<(), TakeoverFailure> {
    files.remove_leftovers()?;
    // No other process reads or writes the old file until it has its new name.
    let old = OldFile::claim(&files.path)?;
    files.check_space(old.size()?)?;
    reached(Step::Claimed);
    let filled = fill(files, &old, reached);
    if filled.is_err() {
        // The first error is returned. The next takeover overwrites a leftover file.
        drop(fs::remove_file(&files.partial));
    }
    filled?;
    files.complete()?;
    reached(Step::Completed);
    files.move_aside()?;
    reached(Step::MovedAside);
    files.replace()?;
    reached(Step::Replaced);
    Ok(())
}

/// Writes the new file, compares it and syncs it.
fn fill(
    files: &TakeoverFiles,
    old: &OldFile,
    reached: &impl Fn(Step),
) -> Result<(), TakeoverFailure> {
    create_private(&files.partial)?;
    reached(Step::Created);
    let tables = old.tables()?;
    store::fill_unsynced(&files.partial, |session| {
        copying::copy(old, &tables, session)
    })?;
    reached(Step::Copied);
    comparison::compare(old, &tables, &store::open_unsynced(&files.partial)?)?;
    File::open(&files.partial)?.sync_all()?;
    reached(Step::Compared);
    Ok(())
}
