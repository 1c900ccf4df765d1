use std::{path::Path, process};

use tintero_embedded::Engine;
use tintero_storage::{
    Dynamo,
    client::{self, Clients},
    migrations::Migrator,
};

use super::{SystemPorts, error_chain, objects::private_folder};
use crate::{
    CommandError,
    config::{Config, Database},
};

/// File of the embedded database in the data folder.
pub(crate) const DATABASE_FILE: &str = "tintero.db";

/// A database with the tables of this binary.
pub(super) struct OpenDatabase {
    /// The client for requests.
    pub(super) dynamo: Dynamo,
    /// Checks and migrates the tables.
    pub(super) migrator: Migrator,
    /// The engine, if it is embedded.
    pub(super) engine: Option<Engine>,
}

/// Opens the database. Migrates an embedded database. Fails if the tables on AWS need a migration, which
/// the operator must start.
pub(super) async fn open_migrated(
    config: &Config,
    system: &SystemPorts,
) -> Result<OpenDatabase, CommandError> {
    let (clients, engine) = open(config).await?;
    let migrator = migrator_of_clients(&clients, config, system);
    match config.dynamodb {
        Database::Embedded | Database::Memory => {
            let report = migrator.up().await.map_err(anyhow::Error::from)?;
            tracing::info!(applied = report.applied.len(), "tables are up to date");
        }
        Database::Aws => migrator.check().await.map_err(precondition)?,
    }
    Ok(OpenDatabase {
        dynamo: Dynamo::new(clients.requests, config.table_prefix.as_str()),
        migrator,
        engine,
    })
}

/// Returns the migrator of the configured database.
pub(crate) async fn migrator(config: &Config) -> Result<Migrator, CommandError> {
    let (clients, _) = open(config).await?;
    Ok(migrator_of_clients(&clients, config, &SystemPorts::new()))
}

/// Opens the embedded database in `file`.
pub(crate) fn engine(file: &Path) -> Result<Engine, CommandError> {
    Engine::file(file).map_err(precondition)
}

/// Returns the migrator of an embedded database.
pub(crate) fn migrator_of(engine: &Engine, config: &Config) -> Migrator {
    let clients = client::embedded(engine.http_client());
    migrator_of_clients(&clients, config, &SystemPorts::new())
}

fn migrator_of_clients(clients: &Clients, config: &Config, system: &SystemPorts) -> Migrator {
    let operator = format!(
        "tintero {}, process {}",
        env!("CARGO_PKG_VERSION"),
        process::id()
    );
    let (clock, ids) = (system.clock.clone(), system.ids.clone());
    Migrator::new(
        clients.migrations.clone(),
        config.table_prefix.as_str(),
        &operator,
        clock,
        ids,
    )
}

/// Opens the configured database without checking its tables.
async fn open(config: &Config) -> Result<(Clients, Option<Engine>), CommandError> {
    let engine = match config.dynamodb {
        Database::Aws => return Ok((client::aws().await, None)),
        Database::Memory => Engine::memory().map_err(precondition)?,
        Database::Embedded => {
            let folder = &config.data_dir;
            private_folder(folder)?;
            engine(&folder.join(DATABASE_FILE))?
        }
    };
    Ok((client::embedded(engine.http_client()), Some(engine)))
}

fn precondition(error: impl std::error::Error + Send + Sync + 'static) -> CommandError {
    CommandError::precondition(error_chain(error))
}
