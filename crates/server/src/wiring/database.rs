use std::sync::Arc;
use std::{fs, path::Path, process};

use anyhow::Context;
use tintero_domain::images::ObjectStore;
use tintero_embedded::Engine;
use tintero_storage::{
    Dynamo,
    client::{self, Clients},
    migrations::Migrator,
    objects::{Folder, Memory},
};

use super::Time;
use crate::{
    Failure,
    config::{Config, Database},
};

/// The embedded database's file in the data folder.
pub(crate) const FILE: &str = "tintero.db";

/// The folder of the images' bytes in the data folder.
pub(crate) const OBJECTS: &str = "objects";

/// A database, whatever its tables are.
struct Opened {
    clients: Clients,
    engine: Option<Engine>,
}

/// A database whose tables are those that this binary needs.
pub(super) struct Ready {
    /// For work that somebody waits for.
    pub(super) dynamo: Dynamo,
    /// Checks the tables.
    pub(super) migrator: Migrator,
    /// The engine, where it lives in this process.
    pub(super) engine: Option<Engine>,
}

/// Opens the database and sees to its tables: the embedded one has no other operator than this
/// process and is migrated; a shared one is only checked.
pub(super) async fn ready(config: &Config, time: &Time) -> Result<Ready, Failure> {
    let Opened { clients, engine } = open(config).await?;
    let migrator = of_clients(&clients, config, time);
    match config.dynamodb {
        Database::Embedded | Database::Memory => {
            let report = migrator.up().await.map_err(anyhow::Error::from)?;
            tracing::info!(applied = report.applied.len(), "tables are up to date");
        }
        // What is missing is the operator's to do first, so this is a refusal.
        Database::Aws => migrator.check().await.map_err(refused)?,
    }
    Ok(Ready {
        dynamo: Dynamo::new(clients.requests, config.table_prefix.as_str()),
        migrator,
        engine,
    })
}

/// What changes and checks the tables.
pub(crate) async fn migrator(config: &Config) -> Result<Migrator, Failure> {
    Ok(of_clients(
        &open(config).await?.clients,
        config,
        &Time::of_system(),
    ))
}

/// The embedded database in one file, wherever that lies.
pub(crate) fn engine(file: &Path) -> Result<Engine, Failure> {
    Engine::file(file).map_err(refused)
}

/// What checks the tables in one file.
pub(crate) fn migrator_of(engine: &Engine, config: &Config) -> Migrator {
    let clients = client::embedded(engine.http_client());
    of_clients(&clients, config, &Time::of_system())
}

fn of_clients(clients: &Clients, config: &Config, time: &Time) -> Migrator {
    let operator = format!(
        "tintero {}, process {}",
        env!("CARGO_PKG_VERSION"),
        process::id()
    );
    let (clock, ids) = (time.clock.clone(), time.ids.clone());
    Migrator::new(
        clients.migrations.clone(),
        config.table_prefix.as_str(),
        &operator,
        clock,
        ids,
    )
}

/// Where the bytes of images are kept: beside the database, as long as it is embedded.
pub(super) fn objects(config: &Config) -> Result<Arc<dyn ObjectStore>, Failure> {
    Ok(match config.dynamodb {
        Database::Memory => Arc::new(Memory::default()),
        // Until there is a bucket, an instance in the cloud keeps them in its own folder too.
        Database::Embedded | Database::Aws => {
            let folder = config.data_dir.join(OBJECTS);
            let opened = Folder::open(&folder);
            Arc::new(
                opened
                    .with_context(|| format!("the folder {} cannot be used", folder.display()))?,
            )
        }
    })
}

async fn open(config: &Config) -> Result<Opened, Failure> {
    let engine = match config.dynamodb {
        Database::Aws => {
            return Ok(Opened {
                clients: client::aws().await,
                engine: None,
            });
        }
        Database::Memory => Engine::memory().map_err(refused)?,
        Database::Embedded => {
            let folder = &config.data_dir;
            fs::create_dir_all(folder)
                .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
            engine(&folder.join(FILE))?
        }
    };
    Ok(Opened {
        clients: client::embedded(engine.http_client()),
        engine: Some(engine),
    })
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::refused(format!("{:#}", anyhow::Error::new(error)))
}
