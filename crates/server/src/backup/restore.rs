use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use tintero_domain::values::Digest;
use tintero_storage::migrations::MigrationError;

use super::{
    archive::Archive,
    archive_error::ArchiveError,
    bucket,
    database::inspect,
    entry::EntryPath,
    manifest::BackupManifest,
    measure::{ByteProgress, measure_file},
    require_embedded,
    target::RestoreTarget,
};
use crate::{CommandError, config::Config, private_fs};

/// A data folder that was restored from a backup.
pub(crate) struct Restored {
    /// The manifest of the backup.
    pub(crate) manifest: BackupManifest,
    /// The migrations that the next start of the server applies.
    pub(crate) pending: Vec<String>,
    /// Number of objects that were sent to the configured bucket.
    pub(crate) sent: Option<usize>,
    /// The folder with the previous contents of the data folder.
    pub(crate) moved_to: Option<PathBuf>,
}

/// A backup without damage.
pub(crate) struct Verified {
    /// Its manifest.
    pub(crate) manifest: BackupManifest,
    /// SHA-256 of the file.
    pub(crate) digest: Digest,
}

/// Reads and checks the whole backup `file` and writes nothing.
pub(crate) fn verify(file: &Path) -> Result<Verified, CommandError> {
    let read = || {
        let archive = Archive::open(file)?;
        archive.unpack(|_, bytes| io::copy(bytes, &mut io::sink()).map(drop))?;
        let progress = ByteProgress::new("hashing", fs::metadata(file)?.len());
        let (_, digest) = measure_file(file, &progress)?;
        Ok(Verified {
            manifest: archive.manifest().clone(),
            digest,
        })
    };
    read().map_err(|error: ArchiveError| error.in_file(file))
}

/// Restores the backup `file` into the configured data folder, and its objects into the configured
/// bucket. With `force`, moves the previous contents of the folder aside.
pub(crate) async fn restore(
    config: &Config,
    file: &Path,
    force: bool,
) -> Result<Restored, CommandError> {
    require_embedded(config)?;
    let target = RestoreTarget::claim(&config.data_dir, force)?;
    let archive = Archive::open(file).map_err(|error| error.in_file(file))?;
    let manifest = archive.manifest();
    check_prefix(manifest, config)?;
    target.check_space(manifest.files.size())?;
    unpack(&archive, &target.staging()).map_err(|error| error.in_file(file))?;
    let pending = pending_migrations(&target.staging(), config).await?;
    let sent = bucket::send(config, &target.staging()).await?;
    Ok(Restored {
        manifest: manifest.clone(),
        pending,
        sent,
        moved_to: target.commit()?,
    })
}

/// With another prefix a server would find no tables and create empty ones.
fn check_prefix(manifest: &BackupManifest, config: &Config) -> Result<(), CommandError> {
    let (found, configured) = (&manifest.table_prefix, config.table_prefix.as_str());
    if found == configured {
        return Ok(());
    }
    Err(CommandError::precondition(format!(
        "the table prefix of the backup is {found}, the configured one is {configured}; set TINTERO_TABLE_PREFIX={found}"
    )))
}

fn unpack(archive: &Archive, folder: &Path) -> Result<(), ArchiveError> {
    archive.unpack(|entry, bytes| {
        let path = entry.path.within(folder);
        if let Some(parent) = path.parent() {
            create_folders(parent)?;
        }
        let mut file = private_fs::create_file(&path)?;
        io::copy(bytes, &mut file)?;
        file.sync_all()
    })?;
    let entries = archive.manifest().files.iter();
    let folders: BTreeSet<_> = entries
        .flat_map(|entry| parents(&entry.path, folder))
        .collect();
    for folder in folders {
        private_fs::sync_folder(&folder)?;
    }
    Ok(())
}

/// Creates a folder and its missing parents with mode 0700.
fn create_folders(folder: &Path) -> io::Result<()> {
    match private_fs::ensure_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            folder.parent().map_or(Ok(()), create_folders)?;
            private_fs::ensure_folder(folder)
        }
        result => result,
    }
}

/// Returns every folder between `root` and the file, including `root`.
fn parents(path: &EntryPath, root: &Path) -> Vec<PathBuf> {
    let path = path.within(root);
    let above = path.ancestors().skip(1);
    above
        .take_while(|folder| folder.starts_with(root))
        .map(Path::to_owned)
        .collect()
}

/// Opens the unpacked database and returns the migrations that it lacks.
async fn pending_migrations(folder: &Path, config: &Config) -> Result<Vec<String>, CommandError> {
    let database = EntryPath::database().within(folder);
    match inspect(&database, config).await?.check {
        Ok(()) => Ok(Vec::new()),
        Err(MigrationError::Behind { missing }) => Ok(missing),
        Err(error @ (MigrationError::Ahead { .. } | MigrationError::Drift { .. })) => {
            Err(CommandError::precondition(error.to_string()))
        }
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}
