use std::fmt;

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::{
    KeyError,
    folder::{KeyFile, KeyFolder, Kind},
};
use crate::config::CursorSecrets;

/// The keys of list cursors: the current one seals, both open.
#[derive(Debug, Clone)]
pub struct CursorKeys {
    /// Seals new cursors.
    pub current: CursorKey,
    /// Opens cursors that were sealed before the last rotation.
    pub previous: Option<CursorKey>,
}

impl CursorKeys {
    pub(super) fn single(key: CursorKey) -> Self {
        Self {
            current: key,
            previous: None,
        }
    }

    pub(super) fn configured(secrets: &CursorSecrets) -> Self {
        Self {
            current: CursorKey(secrets.current.clone()),
            previous: secrets.previous.clone().map(CursorKey),
        }
    }

    pub(super) fn in_folder(folder: &KeyFolder) -> Result<Self, KeyError> {
        let files = folder.read_or_create(Kind::CURSOR, || Ok(CursorKey::generate()?.encoded()))?;
        // Cursors live for days, rotations lie months apart: an older key has nothing left to open.
        let mut keys = files.iter().take(2).map(CursorKey::of_file);
        let current = keys.next().ok_or(KeyError::Generation)??;
        Ok(Self {
            current,
            previous: keys.next().transpose()?,
        })
    }
}

/// A key for HMAC-SHA-256.
#[derive(Clone)]
pub struct CursorKey(Zeroizing<[u8; CursorSecrets::BYTES]>);

impl CursorKey {
    /// Makes a key from the system's randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; CursorSecrets::BYTES]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| KeyError::Generation)?;
        Ok(Self(bytes))
    }

    /// The key itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8; CursorSecrets::BYTES] {
        &self.0
    }

    /// The key in base64url, as settings and files hold it.
    #[must_use]
    pub fn encoded(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    fn of_file(file: &KeyFile) -> Result<Self, KeyError> {
        CursorSecrets::decode(&file.text)
            .map(Self)
            .ok_or_else(|| KeyError::Malformed {
                place: file.path.display().to_string(),
                detail: "must hold a key of 32 bytes in base64",
            })
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorKey(…)")
    }
}
