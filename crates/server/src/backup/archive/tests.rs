use std::fs;

use super::*;
use crate::backup::entry::EntryPath;

/// A data folder with two files and their manifest.
struct Stage {
    folder: tempfile::TempDir,
    manifest: BackupManifest,
}

const DATABASE: (&str, &[u8]) = ("tintero.db", b"any content");
const OBJECT: (&str, &[u8]) = (
    "objects/2c/ea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97",
    b"picture",
);

fn stage() -> Stage {
    stage_with(OBJECT.1)
}

fn stage_with(object: &[u8]) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let name = Digest::of(object).to_string();
    let name = format!("objects/{}/{}", &name[..2], &name[2..]);
    let parent = folder.path().join(&name[..10]);
    fs::create_dir_all(parent).unwrap();
    let files = [DATABASE, (&name, object)].map(|(path, bytes)| {
        fs::write(folder.path().join(path), bytes).unwrap();
        FileEntry {
            path: EntryPath::try_from(path.to_owned()).unwrap(),
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        }
    });
    let now = Timestamp::from_millis(1_800_000_000_000);
    let files = files.to_vec().try_into().unwrap();
    let manifest = BackupManifest::new(now, "tintero", 7, files);
    Stage { folder, manifest }
}

/// A tar entry: name, type, size in the header, and content.
#[derive(Clone, Copy)]
struct RawEntry<'a>(&'a str, EntryType, u64, &'a [u8]);

fn plain<'a>((name, bytes): (&'a str, &'a [u8])) -> RawEntry<'a> {
    RawEntry(name, EntryType::Regular, bytes.len() as u64, bytes)
}

impl Stage {
    /// Compresses and reads an archive of the manifest and `entries`.
    fn read_with_manifest(&self, entries: &[RawEntry<'_>]) -> Result<Vec<Vec<u8>>, ArchiveError> {
        let json = self.manifest.to_json().unwrap();
        let manifest = plain((BackupManifest::NAME, &json));
        self.read_entries(&[&[manifest], entries].concat())
    }

    fn read_entries(&self, entries: &[RawEntry<'_>]) -> Result<Vec<Vec<u8>>, ArchiveError> {
        let mut tar = tar::Builder::new(Vec::new());
        for RawEntry(name, kind, size, bytes) in entries {
            let mut header = header("x", *size, self.manifest.created_at()).unwrap();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_cksum();
            tar.append(&header, *bytes).unwrap();
        }
        self.read(&compressed(&tar.into_inner().unwrap()))
    }

    fn read(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, ArchiveError> {
        let path = self.folder.path().join("backup.tar.zst");
        fs::write(&path, bytes).unwrap();
        let mut found = Vec::new();
        Archive::open(&path)?.unpack(|_, bytes| {
            let mut all = Vec::new();
            bytes.read_to_end(&mut all)?;
            found.push(all);
            Ok(())
        })?;
        Ok(found)
    }

    fn packed(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let locate = |entry: &FileEntry| entry.path.within(self.folder.path());
        let (size, digest) = pack(&self.manifest, &mut out, locate).unwrap();
        assert_eq!((size, digest), (out.len() as u64, Digest::of(&out)));
        out
    }
}

fn compressed(tar: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), LEVEL).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(tar).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn unpacked_files_equal_the_packed_ones() {
    let stage = stage();
    let found = stage.read(&stage.packed()).unwrap();
    assert_eq!(found, [DATABASE.1, OBJECT.1]);
}

#[test]
fn truncated_and_extended_backups_are_rejected() {
    let stage = stage();
    let packed = stage.packed();
    for at in 0..packed.len() {
        assert!(stage.read(&packed[..at]).is_err(), "truncated at {at}");
    }
    assert!(stage.read(&[&packed[..], b"x"].concat()).is_err());
}

/// Zstandard ignores a few bits, whose change has no effect on the content.
#[test]
fn every_changed_bit_is_detected_or_has_no_effect() {
    let stage = stage();
    let packed = stage.packed();
    let bits = packed.len() * 8;
    let read = |bit: usize| {
        let mut damaged = packed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        stage.read(&damaged)
    };
    let unchanged: Vec<_> = (0..bits).filter_map(|bit| read(bit).ok()).collect();
    assert!(unchanged.len() < bits / 50, "{} of {bits}", unchanged.len());
    for files in unchanged {
        assert_eq!(files, [DATABASE.1, OBJECT.1]);
    }
}

#[test]
fn the_error_of_a_changed_byte_names_its_file() {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = |n: u64| n.wrapping_mul(FACTOR).rotate_left(32).wrapping_mul(FACTOR);
    let incompressible = (1..300_000).map(|n| mixed(n).to_be_bytes()[0]);
    let stage = stage_with(&incompressible.collect::<Vec<_>>());
    let mut packed = stage.packed();
    let middle = packed.len() / 2;
    packed[middle] ^= 1;
    let error = stage.read(&packed).unwrap_err().to_string();
    assert!(error.contains("objects/"), "{error}");
}

#[test]
fn a_file_that_changes_during_the_backup_fails_it() {
    let stage = stage();
    fs::write(stage.folder.path().join(OBJECT.0), "another").unwrap();
    let packed = pack(&stage.manifest, io::sink(), |entry| {
        entry.path.within(stage.folder.path())
    });
    let error = packed.unwrap_err().to_string();
    let changed = format!("{} changed during", OBJECT.0);
    assert!(error.contains(&changed), "{error}");
}

#[test]
fn entries_that_differ_from_the_manifest_are_named() {
    let stage = stage();
    let [database, object] = [DATABASE, OBJECT].map(plain);
    assert!(stage.read_with_manifest(&[database, object]).is_ok());

    let missing = &*format!("{} is missing or out of order", OBJECT.0);
    let mismatch = &*format!(
        "{} does not match its size and SHA-256 in the manifest",
        OBJECT.0
    );
    let absolute = &*format!("/{}", OBJECT.0);
    for (entries, expected) in [
        (vec![], "tintero.db is missing or out of order"),
        (vec![database], missing),
        (
            vec![object, database],
            "tintero.db is missing or out of order",
        ),
        (
            vec![plain((DATABASE.0, b"any contenT")), object],
            "tintero.db does not match its size and SHA-256 in the manifest",
        ),
        (
            vec![database, plain((OBJECT.0, b"picture, and more"))],
            mismatch,
        ),
        (vec![database, plain((OBJECT.0, DATABASE.1))], mismatch),
        (
            vec![database, plain(("../../etc/cron.d/x", b"picture"))],
            missing,
        ),
        (vec![database, plain((absolute, b"picture"))], missing),
        (
            vec![database, object, plain(("LOCK", b""))],
            "LOCK is not listed in the manifest",
        ),
    ] {
        let error = stage.read_with_manifest(&entries).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn an_archive_that_does_not_start_with_a_manifest_is_rejected() {
    let stage = stage();
    let json = stage.manifest.to_json().unwrap();
    let manifest = plain((BackupManifest::NAME, &json));
    for entries in [
        vec![],
        vec![plain(("notes.txt", b"hello"))],
        vec![plain(DATABASE), manifest, plain(OBJECT)],
    ] {
        let error = stage.read_entries(&entries).unwrap_err().to_string();
        assert_eq!(
            error,
            "cannot read its manifest tintero-backup.json: it is not the first entry"
        );
    }
}

#[test]
fn links_folders_devices_and_extended_headers_are_rejected() {
    let stage = stage();
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Char,
        EntryType::Fifo,
        EntryType::GNUSparse,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
    ] {
        let entries = [plain(DATABASE), RawEntry(OBJECT.0, kind, 7, b"picture")];
        assert!(stage.read_with_manifest(&entries).is_err(), "{kind:?}");
        let manifest = RawEntry(BackupManifest::NAME, kind, 0, b"");
        assert!(stage.read_entries(&[manifest]).is_err(), "{kind:?}");
    }
}

#[test]
fn a_size_larger_than_the_content_is_rejected() {
    let stage = stage();
    let json = stage.manifest.to_json().unwrap();
    let size = u64::MAX / 2;
    let manifest = RawEntry(BackupManifest::NAME, EntryType::Regular, size, &json);
    assert!(stage.read_entries(&[manifest]).is_err());
    let database = RawEntry(DATABASE.0, EntryType::Regular, 1 << 62, DATABASE.1);
    assert!(stage.read_with_manifest(&[database]).is_err());
}

#[test]
fn tar_and_zstandard_can_read_a_backup() {
    let stage = stage();
    let tar = zstd::decode_all(&stage.packed()[..]).unwrap();
    let mut archive = tar::Archive::new(&tar[..]);
    let paths: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().display().to_string())
        .collect();
    assert_eq!(paths, [BackupManifest::NAME, DATABASE.0, OBJECT.0]);
}
