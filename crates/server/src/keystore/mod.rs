//! The secret keys of a server.
//!
//! Configured keys take precedence. Without them, the server generates keys in the data folder on the
//! first start, or in memory in `memory` mode. In `aws` mode keys must be configured, because all
//! instances share them.

mod folder;
mod signing_keys;
mod symmetric_keys;

use std::{
    io,
    path::{Path, PathBuf},
};

pub(crate) use self::folder::{KEYS, is_key_file};
use self::folder::{KeyFolder, KeyKind};
pub use self::{
    signing_keys::{SigningKeyPair, SigningKeys},
    symmetric_keys::generate_key,
};
use crate::{
    CommandError,
    config::{Config, CursorSecrets, Database, SecretKeys},
};

/// The keys of a server.
#[derive(Debug, Clone)]
pub struct KeyStore {
    /// Keys that sign access tokens.
    pub signing: SigningKeys,
    /// Keys that sign list cursors.
    pub cursors: CursorSecrets,
    /// Keys that encrypt secrets, if there are any.
    pub secrets: Option<SecretKeys>,
}

impl KeyStore {
    /// Loads the configured keys, or generates missing ones if the mode permits it.
    pub fn open(config: &Config) -> Result<Self, KeyError> {
        let signing = config.signing_keys.as_ref();
        let signing = signing.map(SigningKeys::configured).transpose()?;
        let (cursors, secrets) = (config.cursor_keys.clone(), config.secret_keys.clone());
        let (signing, cursors, secrets) = match (signing, cursors, config.dynamodb) {
            (Some(signing), Some(cursors), Database::Aws) => (signing, cursors, secrets),
            (_, _, Database::Aws) => return Err(KeyError::Required(missing_settings(config))),
            (signing, cursors, Database::Embedded) => {
                let folder = KeyFolder::open(&config.data_dir)?;
                (
                    signing.map_or_else(|| SigningKeys::from_folder(&folder), Ok)?,
                    cursors.map_or_else(|| symmetric_keys::cursors_from_folder(&folder), Ok)?,
                    secrets.map_or_else(
                        || symmetric_keys::secrets_from_folder(&folder),
                        |keys| Ok(Some(keys)),
                    )?,
                )
            }
            (signing, cursors, Database::Memory) => {
                let generate = || SigningKeyPair::generate().map(SigningKeys::single);
                (
                    signing.map_or_else(generate, Ok)?,
                    cursors.map_or_else(symmetric_keys::cursors_in_memory, Ok)?,
                    secrets
                        .map_or_else(symmetric_keys::secrets_in_memory, |keys| Ok(Some(keys)))?,
                )
            }
        };
        Ok(Self {
            signing,
            cursors,
            secrets,
        })
    }
}

/// Adds a signing key to the data folder. It is used after the next start.
pub fn rotate_signing_key(data_dir: &Path) -> Result<SigningKeyPair, KeyError> {
    let key = SigningKeyPair::generate()?;
    KeyFolder::open(data_dir)?.add(KeyKind::SIGNING, key.private_pem())?;
    Ok(key)
}

/// Adds a cursor key to the data folder. It is used after the next start.
pub fn rotate_cursor_key(data_dir: &Path) -> Result<(), KeyError> {
    let key = generate_key()?;
    KeyFolder::open(data_dir)?.add(KeyKind::CURSOR, &key.encoded())?;
    Ok(())
}

/// Adds a key that encrypts secrets to the data folder. It is used after the next start.
pub fn rotate_secret_key(data_dir: &Path) -> Result<(), KeyError> {
    let key = generate_key()?;
    KeyFolder::open(data_dir)?.add(KeyKind::SECRET, &key.encoded())?;
    Ok(())
}

/// Lists the missing settings with the commands that generate their values.
fn missing_settings(config: &Config) -> String {
    let signing = config
        .signing_keys
        .is_none()
        .then_some("TINTERO_SIGNING_KEYS (generate one with `tintero signing-key generate`)");
    let cursors = config
        .cursor_keys
        .is_none()
        .then_some("TINTERO_CURSOR_KEYS (generate one with `tintero cursor-key generate`)");
    signing
        .into_iter()
        .chain(cursors)
        .collect::<Vec<_>>()
        .join(" and ")
}

/// An error of loading or generating keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// In `aws` mode keys must be configured.
    #[error("TINTERO_DYNAMODB=aws requires {0}")]
    Required(String),
    /// Other users of this machine can access a secret.
    #[error("{} is accessible by other users (mode {mode:04o}); run: chmod {required:o} '{}'", path.display(), path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The required permission bits.
        required: u32,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A text is not a key.
    #[error("{location} {detail}")]
    Malformed {
        /// The file or setting.
        location: String,
        /// The end of a sentence that starts with the location.
        detail: &'static str,
    },
    /// The random number generator failed.
    #[error("cannot generate a key")]
    Generation,
}

impl KeyError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> Self {
        Self::precondition(error.to_string())
    }
}
