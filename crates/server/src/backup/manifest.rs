//! What a backup says of itself.

use serde::{Deserialize, Serialize};
use tintero_domain::values::Timestamp;

use super::{
    contents::Contents,
    damage::Damage,
    entry::{EntryPath, FileEntry, Part},
};

/// The first entry of every archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// Which rules the archive follows.
    format: u32,
    /// The version of Tintero that wrote it.
    version: String,
    /// When the database was copied.
    created_at: Timestamp,
    /// What the database holds.
    pub(super) contents: Contents,
    /// Every other entry, in order.
    pub(super) files: Files,
}

impl Manifest {
    /// The name of its entry.
    pub(super) const NAME: &str = "tintero-backup.json";
    /// Longer ones are not read: a million files take less.
    pub(super) const LONGEST: u64 = 256 << 20;
    /// The rules that this binary writes and reads.
    const FORMAT: u32 = 1;

    pub(super) fn new(created_at: Timestamp, contents: Contents, files: Files) -> Self {
        Self {
            format: Self::FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created_at,
            contents,
            files,
        }
    }

    /// The version of Tintero that made the backup.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// When the database was copied.
    pub(crate) fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// How many items all tables hold.
    pub(crate) fn items(&self) -> u64 {
        self.contents.total()
    }

    /// How many objects the backup holds.
    pub(crate) fn objects(&self) -> usize {
        self.files.count(Part::Objects)
    }

    /// How many keys the backup holds.
    pub(crate) fn keys(&self) -> usize {
        self.files.count(Part::Keys)
    }

    /// Reads a manifest; one of other rules is recognised by its number alone.
    pub(super) fn parse(json: &[u8]) -> Result<Self, Damage> {
        #[derive(Deserialize)]
        struct Rules {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| Damage::Manifest(error.to_string());
        let Rules { format } = serde_json::from_slice(json).map_err(unreadable)?;
        if format != Self::FORMAT {
            return Err(Damage::Format {
                found: format,
                known: Self::FORMAT,
            });
        }
        serde_json::from_slice(json).map_err(unreadable)
    }

    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }
}

/// The files of an archive in their order: the database, then keys and objects by path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<FileEntry>", into = "Vec<FileEntry>")]
pub(crate) struct Files(Vec<FileEntry>);

impl Files {
    pub(super) fn iter(&self) -> impl Iterator<Item = &FileEntry> {
        self.0.iter()
    }

    /// How many files belong to a part.
    fn count(&self, part: Part) -> usize {
        self.0
            .iter()
            .filter(|file| file.path.part() == part)
            .count()
    }

    /// The sum of all lengths in bytes.
    pub(super) fn size(&self) -> u64 {
        self.0.iter().map(|file| file.size).sum()
    }
}

impl TryFrom<Vec<FileEntry>> for Files {
    type Error = &'static str;

    fn try_from(files: Vec<FileEntry>) -> Result<Self, Self::Error> {
        let Some((first, rest)) = files.split_first() else {
            return Err("there are no files");
        };
        if first.path != EntryPath::database() || rest.iter().any(|file| file.path == first.path) {
            return Err("the database is not the first file");
        }
        if !rest.is_sorted_by(|a, b| a.path < b.path) {
            return Err("the files are not in order");
        }
        let mut sizes = files.iter().map(|file| file.size);
        if sizes.try_fold(0, u64::checked_add).is_none() {
            return Err("the sizes have no sum");
        }
        Ok(Self(files))
    }
}

impl From<Files> for Vec<FileEntry> {
    fn from(files: Files) -> Self {
        files.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};
    use tintero_domain::values::Digest;

    use super::*;
    use crate::backup::contents::AppliedMigration;

    fn file(path: &str, size: u64) -> FileEntry {
        FileEntry {
            path: path.to_owned().try_into().unwrap(),
            size,
            sha256: Digest::of(path.as_bytes()),
        }
    }

    fn manifest() -> Manifest {
        let contents = Contents {
            table_prefix: "blog".to_owned(),
            migrations: vec![AppliedMigration {
                id: "0001_posts".to_owned(),
                checksum: "ab".to_owned(),
            }],
            items: BTreeMap::from([("blog-posts".to_owned(), 7)]),
        };
        let files = vec![
            file("tintero.db", 9),
            file("keys/a", 1),
            file("objects/b", 2),
        ];
        let now = Timestamp::from_millis(1_800_000_000_000);
        Manifest::new(now, contents, files.try_into().unwrap())
    }

    fn changed(change: impl FnOnce(&mut Value)) -> Result<Manifest, Damage> {
        let mut json = serde_json::to_value(manifest()).unwrap();
        change(&mut json);
        Manifest::parse(json.to_string().as_bytes())
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let written = manifest();
        assert_eq!(
            Manifest::parse(&written.to_json().unwrap()).unwrap(),
            written
        );
        assert_eq!(
            (written.files.size(), written.keys(), written.objects()),
            (12, 1, 1)
        );
    }

    #[test]
    fn other_rules_are_recognised_whatever_else_they_say() {
        let read = Manifest::parse(br#"{"format": 2, "chapters": []}"#);
        assert!(
            matches!(read, Err(Damage::Format { found: 2, known: 1 })),
            "{read:?}"
        );
    }

    #[test]
    fn what_does_not_belong_into_a_manifest_is_refused() {
        assert!(changed(|_| ()).is_ok());
        assert!(changed(|json| json["format"] = json!("one")).is_err());
        assert!(changed(|json| json["extra"] = json!(1)).is_err());
        assert!(changed(|json| json["files"] = json!([])).is_err());
        assert!(changed(|json| json["files"][0]["size"] = json!(-1)).is_err());
        assert!(changed(|json| json["files"][0]["sha256"] = json!("ff")).is_err());
        assert!(changed(|json| json["files"][1]["path"] = json!("keys/../LOCK")).is_err());
        assert!(changed(|json| json["files"][1]["path"] = json!("tintero.db")).is_err());
        assert!(changed(|json| json["files"][2]["path"] = json!("keys/a")).is_err());
        assert!(changed(|json| json["files"].as_array_mut().unwrap().swap(1, 2)).is_err());
        assert!(changed(|json| drop(json["files"].as_array_mut().unwrap().remove(0))).is_err());
        assert!(changed(|json| json["files"][1]["size"] = json!(u64::MAX)).is_err());
    }
}
