use std::{
    fmt, fs,
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use tempfile::NamedTempFile;
use tintero_domain::{clock::Clock, values::Digest};

use super::{
    archive, bucket,
    database::inspect,
    entry::{DataPart, EntryPath, FileEntry},
    files,
    manifest::{BackupFiles, BackupManifest},
    require_embedded,
    staging::StagingFolder,
};
use crate::{
    CommandError,
    clock::SystemClock,
    config::Config,
    keystore::KEYS,
    private_fs,
    wiring::{self, OBJECTS_FOLDER as OBJECTS},
};

/// The options of a backup.
pub(crate) struct BackupOptions<'a> {
    /// Where to write it.
    pub(crate) output: BackupOutput<'a>,
    /// Whether to include the secret keys of the data folder.
    pub(crate) with_keys: bool,
}

/// Where a backup is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BackupOutput<'a> {
    /// To a new file.
    NewFile(&'a Path),
    /// To a file that may exist and is replaced.
    File(&'a Path),
    /// To standard output, for another program.
    StandardOutput,
}

/// A backup that is complete and synced.
pub(crate) struct CreatedBackup {
    /// Its manifest.
    pub(crate) manifest: BackupManifest,
    /// Length of the file in bytes.
    pub(crate) size: u64,
    /// SHA-256 of the file.
    pub(crate) digest: Digest,
}

/// Backs up the configured data folder. A server may write to it at the same time.
pub(crate) async fn create(
    config: &Config,
    options: &BackupOptions<'_>,
) -> Result<CreatedBackup, CommandError> {
    require_embedded(config)?;
    let database = config.data_dir.join(wiring::DATABASE_FILE);
    if !database.exists() {
        return Err(CommandError::precondition(format!(
            "{} contains no database; set TINTERO_DATA_DIR to the data folder",
            config.data_dir.display()
        )));
    }
    options.output.check()?;
    let staging = StagingFolder::claim(&config.data_dir)?;
    let manifest = prepare(config, options, &staging, &database).await?;
    let locate = |entry: &FileEntry| {
        let folder = match entry.path.part() {
            DataPart::Objects if config.s3_bucket.is_none() => &config.data_dir,
            DataPart::Keys => &config.data_dir,
            DataPart::Database | DataPart::Objects => staging.path(),
        };
        entry.path.within(folder)
    };
    let (size, digest) = options
        .output
        .write(&manifest, locate)
        .with_context(|| format!("cannot write {}", options.output))?;
    Ok(CreatedBackup {
        manifest,
        size,
        digest,
    })
}

/// Copies the database, then lists and hashes the files of the backup.
async fn prepare(
    config: &Config,
    options: &BackupOptions<'_>,
    staging: &StagingFolder,
    database: &Path,
) -> Result<BackupManifest, CommandError> {
    let now = SystemClock.now();
    let copied = wiring::engine(database)?.copy_to(&staging.database()).await;
    copied.context("cannot copy the database")?;
    let inspected = inspect(&staging.database(), config).await?;
    let table_prefix = config.table_prefix.as_str();
    if !inspected.is_migrated {
        return Err(CommandError::precondition(format!(
            "the database has no tables named {table_prefix}-…; set TINTERO_TABLE_PREFIX to their prefix"
        )));
    }
    let mut files = files::measure(staging.path(), vec![EntryPath::database()])?;
    let objects = if bucket::fetch(config, staging.path()).await? {
        staging.path()
    } else {
        config.data_dir.as_path()
    };
    let keys = options
        .with_keys
        .then_some((KEYS, config.data_dir.as_path()));
    // Sorted by name, as the manifest requires.
    for (folder, parent) in keys.into_iter().chain([(OBJECTS, objects)]) {
        let measured = files::measure(parent, files::list(parent, folder)?)?;
        files.extend(measured.into_iter().filter(is_undamaged));
    }
    let files = BackupFiles::try_from(files).map_err(anyhow::Error::msg)?;
    Ok(BackupManifest::new(
        now,
        table_prefix,
        inspected.items,
        files,
    ))
}

/// A damaged object cannot be restored or served. Uploading the same bytes again repairs it.
fn is_undamaged(entry: &FileEntry) -> bool {
    let is_undamaged = entry.path.fits(&entry.sha256);
    if !is_undamaged {
        tracing::warn!(path = %entry.path, "not in the backup: the file is damaged");
    }
    is_undamaged
}

impl BackupOutput<'_> {
    fn check(self) -> Result<(), CommandError> {
        match self {
            Self::NewFile(file) if file.exists() => Err(CommandError::precondition(format!(
                "{} already exists; choose another file or use --force to replace it",
                file.display()
            ))),
            Self::StandardOutput if io::stdout().is_terminal() => Err(CommandError::precondition(
                "a backup is not written to a terminal; redirect standard output to a file or a program",
            )),
            Self::NewFile(_) | Self::File(_) | Self::StandardOutput => Ok(()),
        }
    }

    fn write(
        self,
        manifest: &BackupManifest,
        locate: impl Fn(&FileEntry) -> PathBuf,
    ) -> io::Result<(u64, Digest)> {
        match self {
            Self::NewFile(file) => write_file(file, false, manifest, locate),
            Self::File(file) => write_file(file, true, manifest, locate),
            Self::StandardOutput => archive::pack(manifest, io::stdout().lock(), locate),
        }
    }
}

impl fmt::Display for BackupOutput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewFile(file) | Self::File(file) => file.display().fmt(f),
            Self::StandardOutput => f.write_str("standard output"),
        }
    }
}

/// Writes the archive to a temporary file, syncs it and renames it.
fn write_file(
    file: &Path,
    replace: bool,
    manifest: &BackupManifest,
    locate: impl Fn(&FileEntry) -> PathBuf,
) -> io::Result<(u64, Digest)> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut partial = partial_file(folder, file)?;
    let measured = archive::pack(manifest, &mut partial, locate)?;
    partial.as_file_mut().flush()?;
    partial.as_file().sync_all()?;
    if replace {
        partial.persist(file)?;
    } else {
        partial.persist_noclobber(file)?;
    }
    private_fs::sync_folder(folder)?;
    Ok(measured)
}

/// Creates `<file>.partial` with mode 0600, which is deleted on drop unless it is renamed. Replaces the
/// file of a backup that was killed.
fn partial_file(folder: &Path, file: &Path) -> io::Result<NamedTempFile> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    private_fs::allow_missing(fs::remove_file(folder.join(&name)))?;
    tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempfile_in(folder)
}
