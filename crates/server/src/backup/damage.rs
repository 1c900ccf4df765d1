use std::{io, path::Path};

use super::entry::EntryPath;
use crate::Failure;

/// Why a file is not a backup that this binary can read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damage {
    /// It does not end as a backup does.
    #[error("it is no backup of Tintero, or its end is missing")]
    Unsealed,
    /// Its bytes do not have the digest that they were sealed with.
    #[error("its bytes are not those that were written")]
    Altered,
    /// Its rules are those of another version.
    #[error(
        "it has format {found} and this binary reads format {known}; use the tintero that made it, or a newer one"
    )]
    Format { found: u32, known: u32 },
    /// Its first entry is no manifest.
    #[error("its manifest cannot be read: {0}")]
    Manifest(String),
    /// An entry is not what the manifest says.
    #[error("{path} in it is not what its manifest says")]
    Entry { path: EntryPath },
    /// Something follows that the manifest does not list.
    #[error("it holds more than its manifest lists")]
    Surplus,
    /// Something could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Damage {
    /// What a person is told of the backup `file`.
    pub(super) fn of(self, file: &Path) -> Failure {
        let sentence = format!("{} cannot be restored: {self}", file.display());
        match self {
            // Nothing is wrong with the file: another binary reads it.
            Self::Format { .. } => Failure::refused(sentence),
            _ => Failure::Failed(anyhow::Error::msg(sentence)),
        }
    }
}
