//! The bytes of a backup: written in one go, and read with nothing taken on trust.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Take, Write},
    path::{Path, PathBuf},
};

use tar::EntryType;
use tintero_domain::values::{Digest, Timestamp};
use zstd::stream::{read::Decoder, write::Encoder};

use super::{
    damage::Damage,
    entry::FileEntry,
    manifest::Manifest,
    measure::Measured,
    progress::Progress,
    seal::{self, Sealed, Sealing},
};

/// Zstandard's own default; images do not become smaller at any level.
const LEVEL: i32 = 3;

/// The end of a tar archive: two empty blocks, of which the first is read as the end.
const LAST_BLOCK: [u8; 512] = [0; 512];

/// Writes an archive of `manifest` and the files it lists to `out`; `place` says where each file
/// lies. Answers the digest of what was written.
pub(super) fn pack(
    manifest: &Manifest,
    out: impl Write,
    place: impl Fn(&FileEntry) -> PathBuf,
) -> io::Result<Digest> {
    let mut encoder = Encoder::new(Sealing::new(BufWriter::new(out)), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut archive = tar::Builder::new(encoder);
    let json = manifest.to_json()?;
    let header = header(Manifest::NAME, json.len() as u64, manifest.created_at())?;
    archive.append(&header, &json[..])?;
    let progress = Progress::new("packing", manifest.files.size());
    for entry in manifest.files.iter() {
        pack_file(
            &mut archive,
            entry,
            &place(entry),
            manifest.created_at(),
            &progress,
        )?;
    }
    let (mut out, digest) = archive.into_inner()?.finish()?.seal()?;
    out.flush()?;
    Ok(digest)
}

fn pack_file(
    archive: &mut tar::Builder<impl Write>,
    entry: &FileEntry,
    place: &Path,
    now: Timestamp,
    progress: &Progress,
) -> io::Result<()> {
    let header = header(entry.path.as_str(), entry.size, now)?;
    let mut file = Measured::new(File::open(place)?, progress);
    archive.append(&header, &mut file)?;
    if file.finish() == (entry.size, entry.sha256) {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{} changed while it was being read",
        place.display()
    )))
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

/// A backup whose seal holds and whose manifest was read.
pub(super) struct Archive {
    file: File,
    sealed: Sealed,
    manifest: Manifest,
}

type Stream<'a> = Decoder<'static, BufReader<Take<&'a File>>>;

impl Archive {
    pub(super) fn open(path: &Path) -> Result<Self, Damage> {
        let mut file = File::open(path)?;
        let sealed = seal::check(&mut file)?;
        let mut archive = tar::Archive::new(stream(&file, sealed)?);
        let mut entries = archive.entries()?.raw(true);
        let manifest = read_manifest(&mut entries)?;
        Ok(Self {
            file,
            sealed,
            manifest,
        })
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Of the whole file.
    pub(super) fn digest(&self) -> Digest {
        self.sealed.digest
    }

    /// Hands the bytes of every file to `keep`, which must read them all, and holds them against
    /// the manifest: the same files in the same order, nothing else, nothing longer.
    pub(super) fn unpack(
        &self,
        mut keep: impl FnMut(&FileEntry, &mut dyn Read) -> io::Result<()>,
    ) -> Result<(), Damage> {
        let mut archive = tar::Archive::new(stream(&self.file, self.sealed)?);
        let mut entries = archive.entries()?.raw(true);
        read_manifest(&mut entries)?;
        let progress = Progress::new("unpacking", self.manifest.files.size());
        for expected in self.manifest.files.iter() {
            let found = next(&mut entries, expected.path.as_str())?;
            let found = found.filter(|found| found.size() == expected.size);
            let altered = || Damage::Entry {
                path: expected.path.clone(),
            };
            let mut bytes = Measured::new(found.ok_or_else(altered)?, &progress);
            keep(expected, &mut bytes)?;
            if bytes.finish() != (expected.size, expected.sha256) {
                return Err(altered());
            }
        }
        if entries.next().transpose()?.is_some() {
            return Err(Damage::Surplus);
        }
        end(archive.into_inner())
    }
}

fn stream(mut file: &File, sealed: Sealed) -> io::Result<Stream<'_>> {
    file.rewind()?;
    Decoder::new(file.take(sealed.length))
}

/// The next entry, if it is a plain file of this name. Extended headers, links, folders and
/// devices are entries of other kinds.
fn next<'a, R: Read>(
    entries: &mut tar::Entries<'a, R>,
    name: &str,
) -> io::Result<Option<tar::Entry<'a, R>>> {
    let found = entries.next().transpose()?;
    Ok(found.filter(|entry| {
        entry.header().entry_type() == EntryType::Regular && *entry.path_bytes() == *name.as_bytes()
    }))
}

fn read_manifest<R: Read>(entries: &mut tar::Entries<'_, R>) -> Result<Manifest, Damage> {
    let found = next(entries, Manifest::NAME)?;
    let Some(found) = found.filter(|entry| entry.size() <= Manifest::LONGEST) else {
        return Err(Damage::Manifest("it is not there".to_owned()));
    };
    let mut json = Vec::new();
    found.take(Manifest::LONGEST).read_to_end(&mut json)?;
    Manifest::parse(&json)
}

fn end(rest: impl Read) -> Result<(), Damage> {
    let mut last = Vec::new();
    rest.take(LAST_BLOCK.len() as u64 + 1)
        .read_to_end(&mut last)?;
    if last == LAST_BLOCK {
        Ok(())
    } else {
        Err(Damage::Surplus)
    }
}

#[cfg(test)]
mod tests;
