//! Backups of a data folder in one file, and their restoration.
//!
//! A backup is a tar archive compressed with Zstandard; `tar --zstd -x` unpacks it. Its first entry
//! is the [`manifest`], which lists every other entry in order with size and SHA-256. The other
//! entries form a data folder.
//!
//! Two checks protect a backup: the checksum of the Zstandard frame detects any changed or missing
//! byte, and the manifest detects any entry that is missing, added, moved or replaced.
//!
//! [`create`] copies the database first and reads the objects afterwards. Objects are never changed
//! or deleted, so every object that the copy refers to is included. Objects in a bucket are copied to
//! the data folder for the time of the backup. [`restore`] moves files into place only after it has
//! unpacked and checked all of them and opened the database.

mod archive;
mod archive_error;
mod bucket;
mod create;
mod database;
mod entry;
mod files;
mod manifest;
mod measure;
mod restore;
mod staging;
mod target;

pub(crate) use self::{
    create::{BackupOptions, BackupOutput, CreatedBackup, create},
    manifest::BackupManifest,
    restore::{Restored, restore, verify},
};
use crate::{
    CommandError,
    config::{Config, Database},
};

/// Rejects modes whose data is not in the data folder.
fn require_embedded(config: &Config) -> Result<(), CommandError> {
    match config.dynamodb {
        Database::Embedded => Ok(()),
        Database::Memory => Err(CommandError::precondition(
            "TINTERO_DYNAMODB is memory: there is no data folder to back up or restore",
        )),
        Database::Aws => Err(CommandError::precondition(
            "TINTERO_DYNAMODB is aws: use the point-in-time recovery of DynamoDB to back up and restore the tables",
        )),
    }
}

#[cfg(test)]
mod tests;
