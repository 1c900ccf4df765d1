use clap::Subcommand;

use super::output;
use crate::{
    Failure,
    config::Loaded,
    keystore::{self, CursorKey, SigningKey},
};

/// What can be done with keys of one kind.
#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Print a new key, for the configuration
    Generate,
    /// Add a new key to the data folder; it is used first from the next start on
    Rotate,
}

pub(super) fn signing(
    task: &Task,
    load: impl FnOnce() -> Result<Loaded, Failure>,
) -> Result<(), Failure> {
    match task {
        Task::Generate => output::answer(SigningKey::generate()?.private_pem()),
        Task::Rotate => {
            let key = keystore::rotate_signing_key(&load()?.config.data_dir)?;
            output::answer(&format!(
                "signing key {} added; restart the server to sign with it",
                key.kid()
            ))
        }
    }
}

pub(super) fn cursor(
    task: &Task,
    load: impl FnOnce() -> Result<Loaded, Failure>,
) -> Result<(), Failure> {
    match task {
        Task::Generate => output::answer(&CursorKey::generate()?.encoded()),
        Task::Rotate => {
            keystore::rotate_cursor_key(&load()?.config.data_dir)?;
            output::answer("cursor key added; restart the server to seal with it")
        }
    }
}
