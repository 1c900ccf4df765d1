//! Paths, sizes and digests of the files in a backup.

use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};
use tintero_domain::values::Digest;

use crate::{
    keystore::{KEYS, is_key_file},
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
/// folder and always names a file that belongs into a backup: the database, a key or an object.
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

    /// Whether a file with this digest can have this path. Objects are named by their digest.
    pub(super) fn fits(&self, digest: &Digest) -> bool {
        self.part() != DataPart::Objects || self.0.replace('/', "").ends_with(&digest.to_string())
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
        let is_valid = match [names.next(), names.next(), names.next(), names.next()] {
            [Some(DATABASE_FILE), None, ..] => true,
            [Some(KEYS), Some(name), None, _] => is_key_file(name),
            [Some(OBJECTS), Some(prefix), Some(rest), None] => {
                prefix.len() == 2 && is_digest(&format!("{prefix}{rest}"))
            }
            _ => false,
        };
        if is_valid {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is not a file of a backup"))
        }
    }
}

/// Whether `text` is the name of a digest, in the one form in which objects are stored.
fn is_digest(text: &str) -> bool {
    text.parse::<Digest>()
        .is_ok_and(|digest| digest.to_string() == text)
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
        let object = format!("objects/9f/{}", "9f".repeat(31));
        let object = parse(&object).unwrap();
        assert_eq!(object.part(), DataPart::Objects);
        assert!(object.fits(&"9f".repeat(32).parse().unwrap()));
        assert!(!object.fits(&"9e".repeat(32).parse().unwrap()));
    }

    #[test]
    fn paths_out_of_the_folder_or_of_other_files_are_rejected() {
        let unfinished = format!("objects/unfinished/{}", "9f".repeat(31));
        let upper = format!("objects/9F/{}", "9F".repeat(31));
        let deep = format!("objects/9f/{}/a", "9f".repeat(31));
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
            "keys/README",
            "keys/signing-0001.pem/a",
            "objects/unfinished/x",
            "objects/9f/9f",
            &unfinished,
            &upper,
            &deep,
        ] {
            assert!(parse(path).is_err(), "{path}");
        }
    }
}
