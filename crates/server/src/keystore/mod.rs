//! The secret keys of a server: one store, wherever they come from.
//!
//! Configured keys win. Without them the data folder holds the keys, made on the first start;
//! in `memory` mode they are made for this process only; in `aws` mode the server refuses to
//! start, because many instances must share them.

mod cursor;
mod folder;
mod signing;

use std::{
    io,
    path::{Path, PathBuf},
};

pub(crate) use self::folder::KEYS;
use self::folder::{KeyFolder, Kind};
pub use self::{
    cursor::{CursorKey, CursorKeys},
    signing::{SigningKey, SigningKeys},
};
use crate::{
    Failure,
    config::{Config, Database},
};

/// The keys that a server works with.
#[derive(Debug, Clone)]
pub struct KeyStore {
    /// Sign and verify access tokens.
    pub signing: SigningKeys,
    /// Seal and open list cursors.
    pub cursors: CursorKeys,
}

impl KeyStore {
    /// Opens the keys that `config` names, or makes them where that is allowed.
    pub fn open(config: &Config) -> Result<Self, KeyError> {
        let signing = config
            .signing_keys
            .as_ref()
            .map(SigningKeys::configured)
            .transpose()?;
        let cursors = config.cursor_keys.as_ref().map(CursorKeys::configured);
        match (signing, cursors) {
            (Some(signing), Some(cursors)) => Ok(Self { signing, cursors }),
            (signing, cursors) => {
                let home = Home::of(config)?;
                Ok(Self {
                    signing: signing.map_or_else(|| home.signing(), Ok)?,
                    cursors: cursors.map_or_else(|| home.cursors(), Ok)?,
                })
            }
        }
    }
}

/// Adds a signing key to the data folder; it signs from the next start on.
pub fn rotate_signing_key(data_dir: &Path) -> Result<SigningKey, KeyError> {
    let key = SigningKey::generate()?;
    KeyFolder::open(data_dir)?.add(Kind::SIGNING, key.private_pem())?;
    Ok(key)
}

/// Adds a cursor key to the data folder; it seals from the next start on.
pub fn rotate_cursor_key(data_dir: &Path) -> Result<(), KeyError> {
    let key = CursorKey::generate()?;
    KeyFolder::open(data_dir)?.add(Kind::CURSOR, &key.encoded())?;
    Ok(())
}

/// Where keys live that nobody configured.
enum Home {
    Folder(KeyFolder),
    Memory,
}

impl Home {
    fn of(config: &Config) -> Result<Self, KeyError> {
        match config.dynamodb {
            Database::Embedded => KeyFolder::open(&config.data_dir).map(Self::Folder),
            Database::Memory => Ok(Self::Memory),
            Database::Aws => Err(KeyError::Required(missing(config))),
        }
    }

    fn signing(&self) -> Result<SigningKeys, KeyError> {
        match self {
            Self::Folder(folder) => SigningKeys::in_folder(folder),
            Self::Memory => SigningKey::generate().map(SigningKeys::single),
        }
    }

    fn cursors(&self) -> Result<CursorKeys, KeyError> {
        match self {
            Self::Folder(folder) => CursorKeys::in_folder(folder),
            Self::Memory => CursorKey::generate().map(CursorKeys::single),
        }
    }
}

/// The settings that must be made, with the commands that make their values.
fn missing(config: &Config) -> String {
    let signing = config
        .signing_keys
        .is_none()
        .then_some("TINTERO_SIGNING_KEYS (`tintero signing-key generate` makes one)");
    let cursors = config
        .cursor_keys
        .is_none()
        .then_some("TINTERO_CURSOR_KEYS (`tintero cursor-key generate` makes one)");
    signing
        .into_iter()
        .chain(cursors)
        .collect::<Vec<_>>()
        .join(" and ")
}

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// In `aws` mode keys must be configured.
    #[error("TINTERO_DYNAMODB is aws, which needs keys in {0}")]
    Required(String),
    /// Others on this machine may read a secret.
    #[error("{} may be used by others (mode {mode:04o}); run: chmod {wanted:o} '{}'", path.display(), path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The permission bits that it should have.
        wanted: u32,
    },
    /// A file or folder cannot be used.
    #[error("{} cannot be used: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What should be a key is none.
    #[error("{place} {detail}")]
    Malformed {
        /// The file or setting.
        place: String,
        /// What it should hold, as the end of a sentence.
        detail: &'static str,
    },
    /// The system's source of randomness failed.
    #[error("a key could not be generated")]
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

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::refused(error.to_string())
    }
}
