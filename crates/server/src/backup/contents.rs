//! What is in a database file, told by the engine that opens it.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use tintero_storage::migrations::{MigrationError, MigrationStatus, Progress};

use crate::{Failure, config::Config, wiring};

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contents {
    /// What the names of its tables start with.
    pub(super) table_prefix: String,
    /// The migrations that are complete.
    pub(super) migrations: Vec<AppliedMigration>,
    /// How many items each table holds.
    pub(super) items: BTreeMap<String, u64>,
}

/// A migration of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppliedMigration {
    /// Number and name.
    pub(super) id: String,
    /// SHA-256 of its file in hexadecimal.
    pub(super) checksum: String,
}

impl Contents {
    /// How many items all tables hold.
    pub(super) fn total(&self) -> u64 {
        self.items.values().sum()
    }
}

/// A database that was opened, looked at and closed again.
pub(super) struct Inspected {
    pub(super) contents: Contents,
    /// Whether its tables are those of this binary.
    pub(super) check: Result<(), MigrationError>,
}

/// Opens a database that nobody else uses, and closes it so that its one file holds everything.
pub(super) async fn inspect(file: &Path, config: &Config) -> Result<Inspected, Failure> {
    let inspected = look(file, config).await?;
    let log = format!("{}-wal", file.display());
    if Path::new(&log).exists() {
        return Err(anyhow!("{log} is left: the database was not closed").into());
    }
    Ok(inspected)
}

async fn look(file: &Path, config: &Config) -> Result<Inspected, Failure> {
    let engine = wiring::engine(file)?;
    let migrator = wiring::migrator_of(&engine, config);
    let items = engine.item_counts().await;
    let statuses = migrator.status().await;
    Ok(Inspected {
        contents: Contents {
            table_prefix: config.table_prefix.as_str().to_owned(),
            migrations: applied(&statuses.context("the journal of migrations cannot be read")?),
            items: items.context("the items cannot be counted")?,
        },
        check: migrator.check().await,
    })
}

fn applied(statuses: &[MigrationStatus]) -> Vec<AppliedMigration> {
    let entries = statuses.iter().filter_map(|status| status.entry.as_ref());
    entries
        .filter(|entry| entry.progress == Progress::Done)
        .map(|entry| AppliedMigration {
            id: entry.id.to_string(),
            checksum: entry.checksum.clone(),
        })
        .collect()
}
