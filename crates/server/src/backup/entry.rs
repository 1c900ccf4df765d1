//! Paths, sizes and digests of the files in a backup.

use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};
use tintero_domain::values::Digest;

use crate::{
    keystore::KEYS,
    wiring::{DATABASE_FILE, OBJECTS_FOLDER as OBJECTS},
};

/// A file of the data folder in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    pub(super) path: EntryPath,
    /// Length in bytes.
    pub(super) size: u64,
    pub(super) sha256: Digest,
}

/// The path of a file, relative to the data folder and separated by `/`. It cannot lead out of the
/// folder and always names a file that belongs into a backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct EntryPath(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataPart {
    Database,
    Keys,
    Objects,
}

impl EntryPath {
    /// The limit of a tar header without extensions.
    const MAX_LENGTH: usize = 100;

    pub(super) fn database() -> Self {
        Self(DATABASE_FILE.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn part(&self) -> DataPart {
        match self.0.split_once('/') {
            None => DataPart::Database,
            Some((KEYS, _)) => DataPart::Keys,
            Some(_) => DataPart::Objects,
        }
    }

    /// Returns the path in the data folder `folder`.
    pub(super) fn within(&self, folder: &Path) -> std::path::PathBuf {
        folder.join(&self.0)
    }
}

impl TryFrom<String> for EntryPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let mut names = path.split('/');
        let is_valid = match names.next() {
            Some(DATABASE_FILE) => names.next().is_none(),
            Some(KEYS | OBJECTS) => path.contains('/') && names.all(is_name),
            _ => false,
        };
        if is_valid && path.len() <= Self::MAX_LENGTH {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is not a file of a backup"))
        }
    }
}

/// Accepts portable file names without a leading dot, which excludes `.` and `..`.
fn is_name(name: &str) -> bool {
    let is_portable = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_portable)
}

impl From<EntryPath> for String {
    fn from(path: EntryPath) -> Self {
        path.0
    }
}

impl fmt::Display for EntryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str) -> Result<EntryPath, String> {
        path.to_owned().try_into()
    }

    #[test]
    fn paths_of_every_part_are_accepted() {
        assert_eq!(parse("tintero.db").unwrap().part(), DataPart::Database);
        assert_eq!(
            parse("keys/cursor-0001.key").unwrap().part(),
            DataPart::Keys
        );
        let object = format!("objects/9f/{}", "9f".repeat(32));
        assert_eq!(parse(&object).unwrap().part(), DataPart::Objects);
    }

    #[test]
    fn paths_out_of_the_folder_or_of_other_files_are_rejected() {
        let long = format!("objects/{}", "a".repeat(100));
        for path in [
            "",
            "/etc/passwd",
            "../tintero.db",
            "objects/../LOCK",
            "objects/..",
            "objects/./a",
            "objects//a",
            "objects/",
            "objects",
            "keys\\a",
            "objects/a\\..\\b",
            "objects/c:",
            "objects/a\0b",
            "objects/.draft",
            "tintero.db/a",
            "tintero.db-wal",
            "LOCK",
            &long,
        ] {
            assert!(parse(path).is_err(), "{path}");
        }
    }
}
