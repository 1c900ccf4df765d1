use std::path::Path;

use clap::Subcommand;

use super::output;
use crate::{
    CommandError,
    config::Loaded,
    keystore::{self, KeyError, SigningKeyPair},
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Print a new key for the configuration
    Generate,
    /// Add a new key to the data folder; it is used after the next start
    Rotate,
}

pub(super) fn signing(
    command: &KeyCommand,
    load: impl FnOnce() -> Result<Loaded, CommandError>,
) -> Result<(), CommandError> {
    match command {
        KeyCommand::Generate => output::print(SigningKeyPair::generate()?.private_pem()),
        KeyCommand::Rotate => {
            let key = keystore::rotate_signing_key(&load()?.config.data_dir)?;
            output::print(&format!(
                "Added signing key {}; restart the server to use it",
                key.kid()
            ))
        }
    }
}

pub(super) fn cursor(
    command: &KeyCommand,
    load: impl FnOnce() -> Result<Loaded, CommandError>,
) -> Result<(), CommandError> {
    symmetric(command, load, keystore::rotate_cursor_key, "cursor key")
}

pub(super) fn secret(
    command: &KeyCommand,
    load: impl FnOnce() -> Result<Loaded, CommandError>,
) -> Result<(), CommandError> {
    symmetric(
        command,
        load,
        keystore::rotate_secret_key,
        "key for secrets",
    )
}

fn symmetric(
    command: &KeyCommand,
    load: impl FnOnce() -> Result<Loaded, CommandError>,
    rotate: fn(&Path) -> Result<(), KeyError>,
    name: &str,
) -> Result<(), CommandError> {
    match command {
        KeyCommand::Generate => output::print(&keystore::generate_key()?.encoded()),
        KeyCommand::Rotate => {
            rotate(&load()?.config.data_dir)?;
            output::print(&format!("Added a {name}; restart the server to use it"))
        }
    }
}
