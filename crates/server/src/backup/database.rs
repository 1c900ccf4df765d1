//! Opens the database file of a backup.

use std::path::Path;

use anyhow::{Context, anyhow};
use tintero_storage::migrations::MigrationError;

use crate::{CommandError, config::Config, wiring};

/// A database file that was opened, inspected and closed.
pub(super) struct InspectedDatabase {
    /// Number of items in all tables.
    pub(super) items: u64,
    /// Whether the journal of migrations has an entry.
    pub(super) is_migrated: bool,
    /// Whether the tables match the migrations of this binary.
    pub(super) check: Result<(), MigrationError>,
}

/// Inspects a database file that no other process uses. Fails if another program added tables, indexes,
/// triggers or views, and if SQLite's log file remains, because
/// a backup holds the database file alone.
pub(super) async fn inspect(
    file: &Path,
    config: &Config,
) -> Result<InspectedDatabase, CommandError> {
    let inspected = open(file, config).await?;
    let log = format!("{}-wal", file.display());
    if Path::new(&log).exists() {
        return Err(anyhow!("{log} still exists after the database was closed").into());
    }
    Ok(inspected)
}

async fn open(file: &Path, config: &Config) -> Result<InspectedDatabase, CommandError> {
    let engine = wiring::engine(file)?;
    let foreign = engine.foreign_objects().await;
    let foreign = foreign.context("cannot read the schema of the database")?;
    if !foreign.is_empty() {
        // A trigger would run with each write of a server.
        return Err(CommandError::precondition(format!(
            "the database is not only of tintero: {}",
            foreign.join(", ")
        )));
    }
    let migrator = wiring::migrator_of(&engine, config);
    let items = engine.item_counts().await;
    let statuses = migrator.status().await;
    let statuses = statuses.context("cannot read the journal of migrations")?;
    Ok(InspectedDatabase {
        items: items.context("cannot count the items")?.values().sum(),
        is_migrated: statuses.iter().any(|status| status.entry.is_some()),
        check: migrator.check().await,
    })
}
