use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use anyhow::anyhow;
use tintero_domain::values::Digest;
use tintero_storage::migrations::MigrationError;

use super::{
    archive::Archive, contents::inspect, damage::Damage, embedded_only, entry::EntryPath,
    manifest::Manifest, target::Target,
};
use crate::{Failure, config::Config, private};

/// A data folder that was filled from a backup.
pub(crate) struct Restored {
    /// What the backup says of itself.
    pub(crate) manifest: Manifest,
    /// Migrations that the next start will apply.
    pub(crate) pending: Vec<String>,
    /// Where the earlier contents of the folder are now.
    pub(crate) aside: Option<PathBuf>,
}

/// A backup whose every byte is as it was written.
pub(crate) struct Verified {
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// SHA-256 of the file.
    pub(crate) digest: Digest,
}

/// Reads the whole backup `file` and writes nothing.
pub(crate) fn verify(file: &Path) -> Result<Verified, Failure> {
    let read = || {
        let archive = Archive::open(file)?;
        archive.unpack(|_, bytes| io::copy(bytes, &mut io::sink()).map(drop))?;
        Ok(Verified {
            manifest: archive.manifest().clone(),
            digest: archive.digest(),
        })
    };
    read().map_err(|damage: Damage| damage.of(file))
}

/// Fills the configured data folder from the backup `file`; with `aside`, what is in the folder is
/// moved out of the way.
pub(crate) async fn restore(
    config: &Config,
    file: &Path,
    aside: bool,
) -> Result<Restored, Failure> {
    embedded_only(config)?;
    let target = Target::claim(&config.data_dir, aside)?;
    let archive = Archive::open(file).map_err(|damage| damage.of(file))?;
    let manifest = archive.manifest();
    refuse_other_tables(manifest, config)?;
    target.make_sure_of_room(manifest.files.size())?;
    unpack(&archive, &target.staging()).map_err(|damage| damage.of(file))?;
    let pending = look(manifest, &target.staging(), config, file).await?;
    Ok(Restored {
        manifest: manifest.clone(),
        pending,
        aside: target.settle()?,
    })
}

/// Under another prefix a server would find no tables and make empty ones.
fn refuse_other_tables(manifest: &Manifest, config: &Config) -> Result<(), Failure> {
    let (found, wanted) = (
        &manifest.contents.table_prefix,
        config.table_prefix.as_str(),
    );
    if found == wanted {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "the tables of the backup are named {found}-… and those of this server {wanted}-…; set TINTERO_TABLE_PREFIX={found}"
    )))
}

fn unpack(archive: &Archive, folder: &Path) -> Result<(), Damage> {
    archive.unpack(|entry, bytes| {
        let place = entry.path.within(folder);
        if let Some(parent) = place.parent() {
            create_folders(parent)?;
        }
        let mut file = private::create_file(&place)?;
        io::copy(bytes, &mut file)?;
        file.sync_all()
    })?;
    let places = archive.manifest().files.iter();
    let folders: BTreeSet<_> = places
        .flat_map(|entry| parents(&entry.path, folder))
        .collect();
    for folder in folders {
        private::sync_folder(&folder)?;
    }
    Ok(())
}

/// Makes a folder and those above it, as far as they are missing.
fn create_folders(folder: &Path) -> io::Result<()> {
    match private::create_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            folder.parent().map_or(Ok(()), create_folders)?;
            private::create_folder(folder)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Every folder from `root` down to the one that the file is in.
fn parents(path: &EntryPath, root: &Path) -> Vec<PathBuf> {
    let place = path.within(root);
    let above = place.ancestors().skip(1);
    above
        .take_while(|folder| folder.starts_with(root))
        .map(Path::to_owned)
        .collect()
}

/// Opens the database that was unpacked; answers the migrations that it lacks.
async fn look(
    manifest: &Manifest,
    folder: &Path,
    config: &Config,
    file: &Path,
) -> Result<Vec<String>, Failure> {
    let database = EntryPath::database().within(folder);
    let inspected = inspect(&database, config).await?;
    let pending = match inspected.check {
        Ok(()) => Vec::new(),
        Err(MigrationError::Behind { missing }) => missing,
        Err(refused @ (MigrationError::Ahead { .. } | MigrationError::Drift { .. })) => {
            return Err(Failure::refused(refused.to_string()));
        }
        Err(failed) => return Err(anyhow::Error::from(failed).into()),
    };
    if inspected.contents != manifest.contents {
        let file = file.display();
        return Err(anyhow!(
            "{file} cannot be restored: its database is not the one of its manifest"
        )
        .into());
    }
    Ok(pending)
}
