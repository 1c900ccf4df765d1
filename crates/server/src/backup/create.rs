use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use tempfile::NamedTempFile;
use tintero_domain::{clock::Clock, values::Digest};

use super::{
    archive,
    contents::inspect,
    embedded_only,
    entry::{EntryPath, FileEntry, Part},
    inventory,
    manifest::{Files, Manifest},
    staging::Staging,
};
use crate::{
    Failure,
    clock::SystemClock,
    config::Config,
    keystore::KEYS,
    private,
    wiring::{self, OBJECTS_FOLDER as OBJECTS},
};

/// What to back up, and where to.
pub(crate) struct Request<'a> {
    /// The backup that is made.
    pub(crate) file: &'a Path,
    /// Whether the secret keys of the data folder go with it.
    pub(crate) with_keys: bool,
    /// Whether a file of that name is replaced.
    pub(crate) replace: bool,
}

/// A backup that is complete and on the disk.
pub(crate) struct Created {
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// Its SHA-256.
    pub(crate) digest: Digest,
}

/// Makes a backup of the configured data folder, beside a server that may be writing to it.
pub(crate) async fn create(config: &Config, request: &Request<'_>) -> Result<Created, Failure> {
    embedded_only(config)?;
    let database = config.data_dir.join(wiring::DATABASE_FILE);
    if !database.exists() {
        return Err(Failure::refused(format!(
            "{} holds no database; name the data folder with TINTERO_DATA_DIR",
            config.data_dir.display()
        )));
    }
    request.refuse_existing()?;
    let staging = Staging::claim(&config.data_dir)?;
    let manifest = collect(config, request, &staging, &database).await?;
    let place = |entry: &FileEntry| {
        let folder = match entry.path.part() {
            Part::Database => staging.folder(),
            Part::Keys | Part::Objects => &config.data_dir,
        };
        entry.path.within(folder)
    };
    let (size, digest) = request
        .write(&manifest, place)
        .with_context(|| format!("{} was not written", request.file.display()))?;
    Ok(Created {
        manifest,
        size,
        digest,
    })
}

/// Copies the database, and then looks which files go with the copy.
async fn collect(
    config: &Config,
    request: &Request<'_>,
    staging: &Staging,
    database: &Path,
) -> Result<Manifest, Failure> {
    let now = SystemClock.now();
    let copied = wiring::engine(database)?.copy_to(&staging.database()).await;
    copied.context("the database was not copied")?;
    let contents = inspect(&staging.database(), config).await?.contents;
    if contents.migrations.is_empty() {
        return Err(Failure::refused(format!(
            "the database has no tables named {}-…; name their prefix with TINTERO_TABLE_PREFIX",
            contents.table_prefix
        )));
    }
    let mut files = inventory::measure(staging.folder(), vec![EntryPath::database()])?;
    for folder in request.folders() {
        let paths = inventory::list(&config.data_dir, folder)?;
        files.extend(inventory::measure(&config.data_dir, paths)?);
    }
    let files = Files::try_from(files).map_err(anyhow::Error::msg)?;
    Ok(Manifest::new(now, contents, files))
}

impl Request<'_> {
    /// In the order of their names.
    fn folders(&self) -> &'static [&'static str] {
        if self.with_keys {
            &[KEYS, OBJECTS]
        } else {
            &[OBJECTS]
        }
    }

    fn refuse_existing(&self) -> Result<(), Failure> {
        if self.replace || !self.file.exists() {
            return Ok(());
        }
        Err(self.exists())
    }

    fn exists(&self) -> Failure {
        Failure::refused(format!(
            "{} exists already; name a new file, or replace it with --force",
            self.file.display()
        ))
    }

    /// Writes the backup under another name and gives it its own when it is on the disk.
    fn write(
        &self,
        manifest: &Manifest,
        place: impl Fn(&FileEntry) -> PathBuf,
    ) -> io::Result<(u64, Digest)> {
        let folder = match self.file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut partial = partial(folder, self.file)?;
        let digest = archive::pack(manifest, &mut partial, place)?;
        partial.as_file_mut().flush()?;
        partial.as_file().sync_all()?;
        let size = partial.as_file().metadata()?.len();
        if self.replace {
            partial.persist(self.file)?;
        } else {
            partial.persist_noclobber(self.file)?;
        }
        private::sync_folder(folder)?;
        Ok((size, digest))
    }
}

/// A file beside `file` for its owner alone, which is gone unless it is given its name. What a
/// backup left behind when it was killed is replaced.
fn partial(folder: &Path, file: &Path) -> io::Result<NamedTempFile> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    match fs::remove_file(folder.join(&name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempfile_in(folder)
}
