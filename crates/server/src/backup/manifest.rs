//! The manifest: the first entry of a backup.

use serde::{Deserialize, Serialize};
use tintero_domain::values::Timestamp;

use super::{
    archive_error::ArchiveError,
    entry::{DataPart, EntryPath, FileEntry},
};

/// Describes a backup and lists its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupManifest {
    format: u32,
    version: String,
    created_at: Timestamp,
    /// The prefix of all table names.
    pub(super) table_prefix: String,
    items: u64,
    /// Every other entry, in order.
    pub(super) files: BackupFiles,
}

impl BackupManifest {
    /// The name of its entry.
    pub(super) const NAME: &str = "tintero-backup.json";
    /// The size limit for reading. A manifest of a million files is smaller.
    pub(super) const MAX_BYTES: u64 = 256 << 20;
    /// The format that this binary writes and reads.
    const FORMAT: u32 = 2;

    pub(super) fn new(
        created_at: Timestamp,
        table_prefix: &str,
        items: u64,
        files: BackupFiles,
    ) -> Self {
        Self {
            format: Self::FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created_at,
            table_prefix: table_prefix.to_owned(),
            items,
            files,
        }
    }

    /// The version of Tintero that made the backup.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The time when the database was copied.
    pub(crate) fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Number of items in all tables.
    pub(crate) fn items(&self) -> u64 {
        self.items
    }

    /// Number of objects in the backup.
    pub(crate) fn objects(&self) -> usize {
        self.files.count(DataPart::Objects)
    }

    /// Number of keys in the backup.
    pub(crate) fn keys(&self) -> usize {
        self.files.count(DataPart::Keys)
    }

    /// Parses a manifest. Checks the format number first, so that other formats give a clear error.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ArchiveError> {
        #[derive(Deserialize)]
        struct FormatNumber {
            format: u32,
        }
        let failed = |error: serde_json::Error| ArchiveError::Manifest(error.to_string());
        let FormatNumber { format } = serde_json::from_slice(json).map_err(failed)?;
        if format != Self::FORMAT {
            return Err(ArchiveError::Format {
                found: format,
                supported: Self::FORMAT,
            });
        }
        serde_json::from_slice(json).map_err(failed)
    }

    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }
}

/// The files of an archive in order: the database, then keys and objects sorted by path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<FileEntry>", into = "Vec<FileEntry>")]
pub(crate) struct BackupFiles(Vec<FileEntry>);

impl BackupFiles {
    pub(super) fn iter(&self) -> impl Iterator<Item = &FileEntry> {
        self.0.iter()
    }

    fn count(&self, part: DataPart) -> usize {
        let parts = self.0.iter().map(|file| file.path.part());
        parts.filter(|other| *other == part).count()
    }

    /// The total length in bytes.
    pub(super) fn size(&self) -> u64 {
        self.0.iter().map(|file| file.size).sum()
    }
}

impl TryFrom<Vec<FileEntry>> for BackupFiles {
    type Error = &'static str;

    fn try_from(files: Vec<FileEntry>) -> Result<Self, Self::Error> {
        let Some((first, rest)) = files.split_first() else {
            return Err("the list of files is empty");
        };
        if first.path != EntryPath::database() || rest.iter().any(|file| file.path == first.path) {
            return Err("the database is not the first file");
        }
        if !rest.is_sorted_by(|a, b| a.path < b.path) {
            return Err("the files are not sorted by path");
        }
        if files.iter().any(|file| !file.path.fits(&file.sha256)) {
            return Err("the digest of an object is not its name");
        }
        let mut sizes = files.iter().map(|file| file.size);
        if sizes.try_fold(0, u64::checked_add).is_none() {
            return Err("the total size is too large");
        }
        Ok(Self(files))
    }
}

impl From<BackupFiles> for Vec<FileEntry> {
    fn from(files: BackupFiles) -> Self {
        files.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tintero_domain::values::Digest;

    use super::*;

    const KEY: &str = "keys/signing-0001.pem";

    fn file(path: &str, size: u64) -> FileEntry {
        FileEntry {
            path: path.to_owned().try_into().unwrap(),
            size,
            sha256: Digest::of(path.as_bytes()),
        }
    }

    fn object(size: u64) -> FileEntry {
        let sha256 = Digest::of(b"an object");
        let name = sha256.to_string();
        let path = format!("objects/{}/{}", &name[..2], &name[2..]);
        FileEntry {
            sha256,
            ..file(&path, size)
        }
    }

    fn manifest() -> BackupManifest {
        let files = vec![file("tintero.db", 9), file(KEY, 1), object(2)];
        let now = Timestamp::from_millis(1_800_000_000_000);
        BackupManifest::new(now, "blog", 7, files.try_into().unwrap())
    }

    fn changed(change: impl FnOnce(&mut Value)) -> Result<BackupManifest, ArchiveError> {
        let mut json = serde_json::to_value(manifest()).unwrap();
        change(&mut json);
        BackupManifest::parse(json.to_string().as_bytes())
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        let written = manifest();
        assert_eq!(
            BackupManifest::parse(&written.to_json().unwrap()).unwrap(),
            written
        );
        assert_eq!(
            (written.files.size(), written.keys(), written.objects()),
            (12, 1, 1)
        );
    }

    #[test]
    fn another_format_is_recognised_by_its_number_alone() {
        let read = BackupManifest::parse(br#"{"format": 3, "chapters": []}"#);
        assert!(
            matches!(
                read,
                Err(ArchiveError::Format {
                    found: 3,
                    supported: 2
                })
            ),
            "{read:?}"
        );
    }

    #[test]
    fn invalid_manifests_are_rejected() {
        assert!(changed(|_| ()).is_ok());
        assert!(changed(|json| json["format"] = json!("one")).is_err());
        assert!(changed(|json| json["extra"] = json!(1)).is_err());
        assert!(changed(|json| json["files"] = json!([])).is_err());
        assert!(changed(|json| json["files"][0]["size"] = json!(-1)).is_err());
        assert!(changed(|json| json["files"][0]["sha256"] = json!("ff")).is_err());
        assert!(changed(|json| json["files"][1]["path"] = json!("keys/../LOCK")).is_err());
        assert!(changed(|json| json["files"][1]["path"] = json!("tintero.db")).is_err());
        assert!(changed(|json| json["files"][2]["path"] = json!(KEY)).is_err());
        let digest = json!(Digest::of(b"another object"));
        assert!(changed(|json| json["files"][2]["sha256"] = digest).is_err());
        assert!(changed(|json| json["files"].as_array_mut().unwrap().swap(1, 2)).is_err());
        assert!(changed(|json| drop(json["files"].as_array_mut().unwrap().remove(0))).is_err());
        assert!(changed(|json| json["files"][1]["size"] = json!(u64::MAX)).is_err());
    }
}
