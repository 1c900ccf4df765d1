//! What one entry of a backup is called and what it holds.

use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};
use tintero_domain::values::Digest;

use crate::{
    keystore::KEYS,
    wiring::{DATABASE_FILE, OBJECTS_FOLDER as OBJECTS},
};

/// A file of the data folder, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    /// Where it lies.
    pub(super) path: EntryPath,
    /// Its length in bytes.
    pub(super) size: u64,
    /// Of its bytes.
    pub(super) sha256: Digest,
}

/// Where a file of a backup lies in a data folder, with `/`. No such path leads out of the folder,
/// and none names a file that is no part of a backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct EntryPath(String);

/// Which part of a data folder a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Database,
    Keys,
    Objects,
}

impl EntryPath {
    /// What a plain tar header has room for.
    const LONGEST: usize = 100;

    /// The path of the database.
    pub(super) fn database() -> Self {
        Self(DATABASE_FILE.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn part(&self) -> Part {
        match self.0.split_once('/') {
            None => Part::Database,
            Some((KEYS, _)) => Part::Keys,
            Some(_) => Part::Objects,
        }
    }

    /// The file's place below `folder`.
    pub(super) fn within(&self, folder: &Path) -> std::path::PathBuf {
        folder.join(&self.0)
    }
}

impl TryFrom<String> for EntryPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let mut names = path.split('/');
        let known = match names.next() {
            Some(DATABASE_FILE) => names.next().is_none(),
            Some(KEYS | OBJECTS) => path.contains('/') && names.all(is_name),
            _ => false,
        };
        if known && path.len() <= Self::LONGEST {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is no file of a backup"))
        }
    }
}

/// Portable file names that do not begin with a dot, which excludes `.` and `..`.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
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
    fn the_parts_of_a_data_folder_have_paths() {
        assert_eq!(parse("tintero.db").unwrap().part(), Part::Database);
        assert_eq!(parse("keys/cursor-0001.key").unwrap().part(), Part::Keys);
        let object = format!("objects/9f/{}", "9f".repeat(32));
        assert_eq!(parse(&object).unwrap().part(), Part::Objects);
    }

    #[test]
    fn no_path_leads_out_of_the_folder_or_names_something_else() {
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
