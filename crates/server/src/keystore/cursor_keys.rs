use aws_lc_rs::rand;

use super::{
    KeyError,
    folder::{KeyFile, KeyFolder, KeyKind},
};
use crate::config::{CursorSecret, CursorSecrets};

/// Generates a key that signs list cursors.
pub fn generate_cursor_key() -> Result<CursorSecret, KeyError> {
    CursorSecret::generate(rand::fill).map_err(|_| KeyError::Generation)
}

pub(super) fn in_memory() -> Result<CursorSecrets, KeyError> {
    Ok(CursorSecrets {
        current: generate_cursor_key()?,
        previous: None,
    })
}

pub(super) fn from_folder(folder: &KeyFolder) -> Result<CursorSecrets, KeyError> {
    let create = || Ok(generate_cursor_key()?.encoded());
    let files = folder.read_or_create(KeyKind::CURSOR, create)?;
    // Cursors expire after days and rotations are months apart, so two keys are enough.
    let mut keys = files.iter().take(2).map(decode);
    let current = keys.next().ok_or(KeyError::Generation)??;
    Ok(CursorSecrets {
        current,
        previous: keys.next().transpose()?,
    })
}

fn decode(file: &KeyFile) -> Result<CursorSecret, KeyError> {
    CursorSecret::decode(&file.text).ok_or_else(|| KeyError::Malformed {
        location: file.path.display().to_string(),
        detail: "must contain a key of 32 bytes in base64",
    })
}
