//! Copies of a data folder in one file, and the way back.
//!
//! A backup is a tar archive compressed with Zstandard, so that `tar --zstd -x` unpacks one by
//! hand. Its first entry is the [`manifest`], which lists every other entry in order with size and
//! SHA-256; the others make up a data folder. A [`seal`] at the end holds the SHA-256 of all bytes
//! before it, in a frame that Zstandard skips.
//!
//! [`create`] copies the database first and reads the objects afterwards: an object never changes
//! and is never removed, so whatever the copy refers to is there, and one that came later is merely
//! surplus. [`restore`] checks the seal before it believes a byte, and puts nothing in place before
//! everything is unpacked and the database has been opened.

mod archive;
mod contents;
mod create;
mod damage;
mod entry;
mod inventory;
mod manifest;
mod measure;
mod progress;
mod restore;
mod seal;
mod staging;
mod target;

pub(crate) use self::{
    create::{Created, Request, create},
    manifest::Manifest,
    restore::{Restored, Verified, restore, verify},
};
use crate::{
    Failure,
    config::{Config, Database},
};

/// Refuses modes in which the data folder is not where the data is.
fn embedded_only(config: &Config) -> Result<(), Failure> {
    match config.dynamodb {
        Database::Embedded => Ok(()),
        Database::Memory => Err(Failure::refused(
            "TINTERO_DYNAMODB is memory: there is no data folder to back up or restore",
        )),
        Database::Aws => Err(Failure::refused(
            "TINTERO_DYNAMODB is aws: back up and restore the tables with DynamoDB's own point-in-time recovery",
        )),
    }
}

#[cfg(test)]
mod tests;
