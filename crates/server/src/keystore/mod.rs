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
        let home = Home::of(config)?;
        let signing = match &config.signing_keys {
            Some(sources) => SigningKeys::configured(sources),
            None => home.signing(),
        };
        let cursors = match &config.cursor_keys {
            Some(secrets) => Ok(CursorKeys::configured(secrets)),
            None => home.cursors(),
        };
        Ok(Self {
            signing: signing?,
            cursors: cursors?,
        })
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
    Nowhere,
}

impl Home {
    fn of(config: &Config) -> Result<Self, KeyError> {
        Ok(match config.dynamodb {
            Database::Aws => Self::Nowhere,
            Database::Memory => Self::Memory,
            Database::Embedded if config.signing_keys.is_some() && config.cursor_keys.is_some() => {
                Self::Nowhere
            }
            Database::Embedded => Self::Folder(KeyFolder::open(&config.data_dir)?),
        })
    }

    fn signing(&self) -> Result<SigningKeys, KeyError> {
        match self {
            Self::Folder(folder) => SigningKeys::in_folder(folder),
            Self::Memory => SigningKey::generate().map(SigningKeys::single),
            Self::Nowhere => Err(KeyError::Required(
                "TINTERO_SIGNING_KEYS",
                "tintero signing-key generate",
            )),
        }
    }

    fn cursors(&self) -> Result<CursorKeys, KeyError> {
        match self {
            Self::Folder(folder) => CursorKeys::in_folder(folder),
            Self::Memory => CursorKey::generate().map(CursorKeys::single),
            Self::Nowhere => Err(KeyError::Required(
                "TINTERO_CURSOR_KEYS",
                "tintero cursor-key generate",
            )),
        }
    }
}

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// In `aws` mode keys must be configured.
    #[error("{0} must be set when TINTERO_DYNAMODB is aws; `{1}` makes a key")]
    Required(&'static str, &'static str),
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
