use std::{io, path::Path};

use super::entry::EntryPath;
use crate::CommandError;

/// An error of reading a backup.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    #[error("cannot read its manifest tintero-backup.json: {0}")]
    Manifest(String),
    #[error(
        "backup format {found} is not supported (this binary reads format {supported}); use the tintero version that made the backup, or a newer one"
    )]
    Format { found: u32, supported: u32 },
    #[error("cannot unpack {path}: {source}")]
    Entry { path: EntryPath, source: io::Error },
    #[error("{path} is missing or out of order")]
    Missing { path: EntryPath },
    #[error("{path} does not match its size and SHA-256 in the manifest")]
    Mismatch { path: EntryPath },
    #[error("{name} is not listed in the manifest")]
    Unlisted { name: String },
    #[error("cannot read the end of the archive: {0}")]
    End(io::Error),
    #[error("unexpected data after the last file")]
    TrailingData,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ArchiveError {
    /// Adds the path of the backup. A backup of another format is a precondition error, because another
    /// binary can read it.
    pub(super) fn in_file(self, file: &Path) -> CommandError {
        let message = format!("cannot restore {}: {self}", file.display());
        match self {
            Self::Format { .. } => CommandError::precondition(message),
            _ => CommandError::Failed(anyhow::Error::msg(message)),
        }
    }
}
