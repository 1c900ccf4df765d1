//! Keys of list cursors, and keys that encrypt secrets.

use aws_lc_rs::rand;

use super::{
    KeyError,
    folder::{KeyFile, KeyFolder, KeyKind},
};
use crate::config::{CursorSecrets, SecretKeys, SymmetricKey};

/// Generates a key that signs list cursors or encrypts secrets.
pub fn generate_key() -> Result<SymmetricKey, KeyError> {
    SymmetricKey::generate(rand::fill).map_err(|_| KeyError::Generation)
}

pub(super) fn cursors_in_memory() -> Result<CursorSecrets, KeyError> {
    Ok(CursorSecrets {
        current: generate_key()?,
        previous: None,
    })
}

pub(super) fn cursors_from_folder(folder: &KeyFolder) -> Result<CursorSecrets, KeyError> {
    let create = || Ok(generate_key()?.encoded());
    let files = folder.read_or_create(KeyKind::CURSOR, create)?;
    // Cursors expire after days and rotations are months apart, so two keys are enough.
    let mut keys = files.iter().take(2).map(decode);
    let current = keys.next().ok_or(KeyError::Generation)??;
    Ok(CursorSecrets {
        current,
        previous: keys.next().transpose()?,
    })
}

pub(super) fn secrets_in_memory() -> Result<Option<SecretKeys>, KeyError> {
    Ok(SecretKeys::new(vec![generate_key()?]))
}

pub(super) fn secrets_from_folder(folder: &KeyFolder) -> Result<Option<SecretKeys>, KeyError> {
    let create = || Ok(generate_key()?.encoded());
    let files = folder.read_or_create(KeyKind::SECRET, create)?;
    let keys: Result<_, _> = files.iter().map(decode).collect();
    Ok(SecretKeys::new(keys?))
}

fn decode(file: &KeyFile) -> Result<SymmetricKey, KeyError> {
    SymmetricKey::decode(&file.text).ok_or_else(|| KeyError::Malformed {
        location: file.path.display().to_string(),
        detail: "must contain a key of 32 bytes in base64",
    })
}
