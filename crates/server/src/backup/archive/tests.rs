use std::{collections::BTreeMap, fs};

use super::*;
use crate::backup::{contents::Contents, entry::EntryPath};

/// A data folder with a database and an object in it, and what a manifest says of it.
struct Stage {
    folder: tempfile::TempDir,
    manifest: Manifest,
}

const FILES: [(&str, &[u8]); 2] = [
    ("tintero.db", b"not looked into"),
    ("objects/ab", b"picture"),
];

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("objects")).unwrap();
    let files = FILES.map(|(path, bytes)| {
        fs::write(folder.path().join(path), bytes).unwrap();
        FileEntry {
            path: EntryPath::try_from(path.to_owned()).unwrap(),
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        }
    });
    let contents = Contents {
        table_prefix: "tintero".to_owned(),
        migrations: Vec::new(),
        items: BTreeMap::new(),
    };
    let now = Timestamp::from_millis(1_800_000_000_000);
    let manifest = Manifest::new(now, contents, files.to_vec().try_into().unwrap());
    Stage { folder, manifest }
}

/// What a tar archive is made of: name, kind, the size that its header tells, and bytes.
struct Raw<'a>(&'a str, EntryType, u64, &'a [u8]);

fn plain<'a>(name: &'a str, bytes: &'a [u8]) -> Raw<'a> {
    Raw(name, EntryType::Regular, bytes.len() as u64, bytes)
}

impl Stage {
    fn manifest_entry(&self) -> Vec<u8> {
        self.manifest.to_json().unwrap()
    }

    /// An archive of any entries, with a seal that holds.
    fn forged(&self, entries: &[Raw<'_>]) -> Result<Vec<Vec<u8>>, Damage> {
        let mut sealing = Sealing::new(Vec::new());
        let mut tar = tar::Builder::new(Vec::new());
        for Raw(name, kind, size, bytes) in entries {
            let mut header = header("x", *size, self.manifest.created_at()).unwrap();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_cksum();
            tar.append(&header, *bytes).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        sealing
            .write_all(&zstd::encode_all(&tar[..], 0).unwrap())
            .unwrap();
        self.read(&sealing.seal().unwrap().0)
    }

    fn read(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Damage> {
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
        pack(&self.manifest, &mut out, |entry| {
            entry.path.within(self.folder.path())
        })
        .unwrap();
        out
    }
}

#[test]
fn files_come_out_as_they_went_in() {
    let stage = stage();
    let found = stage.read(&stage.packed()).unwrap();
    assert_eq!(found, FILES.map(|(_, bytes)| bytes.to_vec()));
}

#[test]
fn every_changed_byte_and_every_cut_is_noticed() {
    let stage = stage();
    let packed = stage.packed();
    for at in 0..packed.len() {
        let mut other = packed.clone();
        other[at] ^= 0x10;
        assert!(stage.read(&other).is_err(), "byte {at} was changed");
        assert!(stage.read(&packed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_file_that_changes_while_it_is_packed_spoils_the_backup() {
    let stage = stage();
    fs::write(stage.folder.path().join("objects/ab"), "another").unwrap();
    let packed = pack(&stage.manifest, io::sink(), |entry| {
        entry.path.within(stage.folder.path())
    });
    let error = packed.unwrap_err().to_string();
    assert!(error.contains("changed while it was being read"), "{error}");
}

#[test]
fn a_seal_alone_does_not_make_a_backup() {
    let stage = stage();
    let manifest = stage.manifest_entry();
    let [database, object] = FILES.map(|(path, bytes)| plain(path, bytes));
    let whole = || plain(Manifest::NAME, &manifest);
    assert!(
        stage
            .forged(&[
                whole(),
                plain("tintero.db", FILES[0].1),
                plain("objects/ab", FILES[1].1)
            ])
            .is_ok()
    );

    let forged = [
        vec![],
        vec![plain("notes.txt", b"hello")],
        vec![whole()],
        vec![whole(), plain("tintero.db", FILES[0].1)],
        vec![database, whole(), object],
        vec![
            whole(),
            plain("tintero.db", b"not looked intO"),
            plain("objects/ab", b"picture"),
        ],
        vec![
            whole(),
            plain("objects/ab", b"picture"),
            plain("tintero.db", FILES[0].1),
        ],
        vec![
            whole(),
            plain("tintero.db", FILES[0].1),
            plain("objects/ab", b"picture, and more"),
        ],
        vec![
            whole(),
            plain("tintero.db", FILES[0].1),
            plain("../../etc/cron.d/x", b"picture"),
        ],
        vec![
            whole(),
            plain("tintero.db", FILES[0].1),
            plain("/objects/ab", b"picture"),
        ],
        vec![
            whole(),
            plain("tintero.db", FILES[0].1),
            plain("objects/ab", b"picture"),
            plain("LOCK", b""),
        ],
    ];
    for (number, entries) in forged.iter().enumerate() {
        assert!(stage.forged(entries).is_err(), "archive {number}");
    }
}

#[test]
fn links_folders_devices_and_extended_headers_are_refused() {
    let stage = stage();
    let manifest = stage.manifest_entry();
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
        let entries = [
            plain(Manifest::NAME, &manifest),
            plain("tintero.db", FILES[0].1),
            Raw("objects/ab", kind, 7, b"picture"),
        ];
        assert!(stage.forged(&entries).is_err(), "{kind:?}");
        assert!(
            stage.forged(&[Raw(Manifest::NAME, kind, 0, b"")]).is_err(),
            "{kind:?}"
        );
    }
}

#[test]
fn a_size_that_is_told_too_large_is_not_believed() {
    let stage = stage();
    let manifest = stage.manifest_entry();
    let huge = Raw(Manifest::NAME, EntryType::Regular, u64::MAX / 2, &manifest);
    assert!(stage.forged(&[huge]).is_err());
    let entries = [
        plain(Manifest::NAME, &manifest),
        Raw("tintero.db", EntryType::Regular, 1 << 62, FILES[0].1),
    ];
    assert!(stage.forged(&entries).is_err());
}

#[test]
fn what_is_written_is_what_tar_and_zstandard_read() {
    let stage = stage();
    let tar = zstd::decode_all(&stage.packed()[..]).unwrap();
    let mut archive = tar::Archive::new(&tar[..]);
    let paths: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().display().to_string())
        .collect();
    assert_eq!(paths, [Manifest::NAME, "tintero.db", "objects/ab"]);
}
