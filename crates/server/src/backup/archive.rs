//! Writes and reads the archive of a backup.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
};

use tar::EntryType;
use tintero_domain::values::{Digest, Timestamp};
use zstd::stream::{read::Decoder, write::Encoder};

use super::{
    archive_error::ArchiveError,
    entry::FileEntry,
    manifest::BackupManifest,
    measure::{ByteProgress, Measured},
};

/// The default of Zstandard. Images do not get smaller at any level.
const LEVEL: i32 = 3;

/// A tar archive ends with two empty blocks. The reader consumes the first one.
const LAST_BLOCK: [u8; 512] = [0; 512];

/// Writes an archive of `manifest` and the files it lists; `locate` returns the path of each file.
/// Returns the length and the SHA-256 of the archive.
pub(super) fn pack(
    manifest: &BackupManifest,
    out: impl Write,
    locate: impl Fn(&FileEntry) -> PathBuf,
) -> io::Result<(u64, Digest)> {
    let hidden = ByteProgress::hidden();
    let out = Measured::new(BufWriter::new(out), &hidden);
    let mut encoder = Encoder::new(out, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut archive = tar::Builder::new(encoder);
    let json = manifest.to_json()?;
    let header = header(
        BackupManifest::NAME,
        json.len() as u64,
        manifest.created_at(),
    )?;
    archive.append(&header, &json[..])?;
    let progress = ByteProgress::new("packing", manifest.files.size());
    for entry in manifest.files.iter() {
        pack_file(
            &mut archive,
            entry,
            &locate(entry),
            manifest.created_at(),
            &progress,
        )?;
    }
    let mut out = archive.into_inner()?.finish()?;
    out.flush()?;
    Ok(out.finish())
}

fn pack_file(
    archive: &mut tar::Builder<impl Write>,
    entry: &FileEntry,
    path: &Path,
    now: Timestamp,
    progress: &ByteProgress,
) -> io::Result<()> {
    let header = header(entry.path.as_str(), entry.size, now)?;
    let mut file = Measured::new(File::open(path)?, progress);
    archive.append(&header, &mut file)?;
    if file.finish() == (entry.size, entry.sha256) {
        return Ok(());
    }
    let message = format!("{} changed during the backup", path.display());
    Err(io::Error::other(message))
}

fn header(name: &str, size: u64, now: Timestamp) -> io::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(now.as_seconds()).unwrap_or_default());
    header.set_cksum();
    Ok(header)
}

/// An open backup with its manifest.
pub(super) struct Archive {
    file: File,
    manifest: BackupManifest,
}

impl Archive {
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let file = File::open(path)?;
        let mut archive = tar::Archive::new(decoder(&file)?);
        let manifest = read_manifest(&mut archive.entries()?.raw(true))?;
        Ok(Self { file, manifest })
    }

    pub(super) fn manifest(&self) -> &BackupManifest {
        &self.manifest
    }

    /// Passes each file to `write`, which must read all of it, and compares it with the manifest.
    /// Fails if a file is missing, added, out of order or different.
    pub(super) fn unpack(
        &self,
        mut write: impl FnMut(&FileEntry, &mut dyn Read) -> io::Result<()>,
    ) -> Result<(), ArchiveError> {
        let mut archive = tar::Archive::new(decoder(&self.file)?);
        let mut entries = archive.entries()?.raw(true);
        read_manifest(&mut entries)?;
        let progress = ByteProgress::new("unpacking", self.manifest.files.size());
        for entry in self.manifest.files.iter() {
            let path = || entry.path.clone();
            let failed = |source| ArchiveError::Entry {
                path: path(),
                source,
            };
            let found = next_file(&mut entries, entry.path.as_str()).map_err(failed)?;
            let found = found.ok_or_else(|| ArchiveError::Missing { path: path() })?;
            if found.size() != entry.size {
                return Err(ArchiveError::Mismatch { path: path() });
            }
            let mut bytes = Measured::new(found, &progress);
            write(entry, &mut bytes).map_err(failed)?;
            if bytes.finish() != (entry.size, entry.sha256) {
                return Err(ArchiveError::Mismatch { path: path() });
            }
        }
        if let Some(surplus) = entries.next().transpose().map_err(ArchiveError::End)? {
            let name = String::from_utf8_lossy(&surplus.path_bytes()).into_owned();
            return Err(ArchiveError::Unlisted { name });
        }
        read_end(archive.into_inner())
    }
}

type FrameDecoder<'a> = Decoder<'static, BufReader<&'a File>>;

fn decoder(mut file: &File) -> io::Result<FrameDecoder<'_>> {
    file.rewind()?;
    Decoder::new(file)
}

/// Returns the next entry if it is a regular file with this name, and `None` for links, folders,
/// devices and extended headers.
fn next_file<'a, R: Read>(
    entries: &mut tar::Entries<'a, R>,
    name: &str,
) -> io::Result<Option<tar::Entry<'a, R>>> {
    let found = entries.next().transpose()?;
    Ok(found.filter(|entry| {
        entry.header().entry_type() == EntryType::Regular && *entry.path_bytes() == *name.as_bytes()
    }))
}

fn read_manifest<R: Read>(
    entries: &mut tar::Entries<'_, R>,
) -> Result<BackupManifest, ArchiveError> {
    let failed = |error: io::Error| ArchiveError::Manifest(error.to_string());
    let found = next_file(entries, BackupManifest::NAME).map_err(failed)?;
    let Some(found) = found.filter(|entry| entry.size() <= BackupManifest::MAX_BYTES) else {
        return Err(ArchiveError::Manifest(
            "it is not the first entry".to_owned(),
        ));
    };
    let mut json = Vec::new();
    let mut bytes = found.take(BackupManifest::MAX_BYTES);
    bytes.read_to_end(&mut json).map_err(failed)?;
    BackupManifest::parse(&json)
}

/// Reads to the end of the file, where the decoder compares the checksum of the frame.
fn read_end(rest: impl Read) -> Result<(), ArchiveError> {
    let mut last = Vec::new();
    rest.take(LAST_BLOCK.len() as u64 + 1)
        .read_to_end(&mut last)
        .map_err(ArchiveError::End)?;
    if last == LAST_BLOCK {
        Ok(())
    } else {
        Err(ArchiveError::TrailingData)
    }
}

#[cfg(test)]
mod tests;
