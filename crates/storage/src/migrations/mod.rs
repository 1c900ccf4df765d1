//! Tables are made and changed by migrations: files in the folder `migrations`, applied in order.
//!
//! Reading order: `declaration` is the form of a file; `step` is one change, which can be asked for
//! twice; [`MigrationSet`] holds the files and what they add up to; `settle` makes a step true;
//! `journal` remembers what was applied; `lock` lets one run at a time; [`Migrator`] puts them
//! together. A table, declared or live, is compared as `facts`.

mod apply;
mod conflict;
mod declaration;
mod error;
mod facts;
mod history;
mod journal;
mod keys;
mod live;
mod lock;
mod plan;
mod report;
mod request;
mod set;
mod settle;
mod status;
mod step;
mod tables;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use tintero_domain::clock::{Clock, Ids};

use history::History;
use journal::Journal;
use live::Live;
use lock::Lock;
use plan::Forecast;

pub use declaration::{Index, StreamView};
pub use error::MigrationError;
pub use facts::{Aspect, Difference, Verification};
pub use journal::{JournalEntry, Progress};
pub use lock::{Holder, LEASE};
pub use plan::{IndexFill, Plan, PlannedMigration, PlannedStep, Prospect};
pub use report::{AppliedMigration, Outcome, Report, TakenStep};
pub use set::{Migration, MigrationId, MigrationSet};
pub use status::{MigrationStatus, State};
pub use step::Step;

/// Version of this binary, for the journal.
const BINARY: &str = env!("CARGO_PKG_VERSION");

/// The aggregate of the journal's own table.
const JOURNAL_TABLE: &str = "schema_migrations";

/// Applies migrations to the tables `<prefix>-…` of one database.
pub struct Migrator {
    client: Client,
    prefix: String,
    operator: String,
    set: MigrationSet,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    live: Live,
    journal: Journal,
    lock: Lock,
}

impl Migrator {
    /// A migrator with the files of this binary. `operator` says who runs it (`ana@laptop`), for the
    /// journal and for whoever finds the lock taken.
    #[must_use]
    pub fn new(
        client: Client,
        prefix: &str,
        operator: &str,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let table = format!("{prefix}-{JOURNAL_TABLE}");
        Self {
            prefix: prefix.to_owned(),
            operator: operator.to_owned(),
            set: MigrationSet::shipped(),
            live: Live::new(client.clone()),
            journal: Journal::new(client.clone(), table.clone()),
            lock: Lock::new(client.clone(), table, Arc::clone(&clock)),
            client,
            clock,
            ids,
        }
    }

    /// The same migrator with other files.
    #[must_use]
    pub fn with_set(self, set: MigrationSet) -> Self {
        Self { set, ..self }
    }

    /// Where every migration stands, those of newer binaries included. One query.
    pub async fn status(&self) -> Result<Vec<MigrationStatus>, MigrationError> {
        Ok(self.history().await?.statuses())
    }

    /// The check before serving. One query.
    ///
    /// # Errors
    ///
    /// [`MigrationError::Behind`], [`MigrationError::Ahead`] or [`MigrationError::Drift`].
    pub async fn check(&self) -> Result<(), MigrationError> {
        let history = self.history().await?;
        let missing: Vec<_> = history
            .pending()?
            .iter()
            .map(|migration| migration.id.to_string())
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(MigrationError::Behind { missing })
        }
    }

    /// What [`up`](Self::up) would do. Changes nothing.
    pub async fn plan(&self) -> Result<Plan, MigrationError> {
        let history = self.history().await?;
        let mut forecast = Forecast::new(self);
        let journal = forecast.steps(&journal_steps()).await?;
        let mut migrations = Vec::new();
        for migration in history.pending()? {
            let steps = forecast.steps(&migration.steps).await?;
            let Migration {
                id, description, ..
            } = migration.clone();
            migrations.push(PlannedMigration {
                id,
                description,
                steps,
            });
        }
        Ok(Plan {
            journal,
            migrations,
        })
    }

    /// Applies every migration that is not done, under the lock.
    ///
    /// A run that died is begun again: steps that it did are recognised. Without anything to do it
    /// reads the journal and takes no lock.
    ///
    /// # Errors
    ///
    /// The first thing that went wrong; what was done before stays, and is in the journal.
    pub async fn up(&self) -> Result<Report, MigrationError> {
        if self.history().await?.pending()?.is_empty() {
            return Ok(Report::default());
        }
        for step in journal_steps() {
            self.settle(&step, None).await?;
        }
        let mut lease = self.lock.acquire(self.ids.next(), &self.operator).await?;
        let result = self.apply_pending(&mut lease).await;
        if let Err(error) = lease.release().await {
            tracing::warn!(
                error = error.chain(),
                "the migration lock stays until its lease ends"
            );
        }
        result
    }

    /// Holds every live table against its declaration.
    pub async fn verify(&self) -> Result<Verification, MigrationError> {
        let mut whole = Verification::default();
        for (aggregate, expected) in self.set.tables().iter() {
            let table = self.full_name(aggregate);
            let part = self.live.all_facts(&table).await?.map_or_else(
                || Verification::no_table(&table),
                |live| Verification::of(&table, expected, &live, true),
            );
            whole.extend([part]);
        }
        Ok(whole)
    }

    /// Takes the lock from whoever holds it, whose writes are refused from then on, and says who
    /// that was.
    pub async fn unlock(&self) -> Result<Option<Holder>, MigrationError> {
        self.lock.break_open().await
    }

    async fn history(&self) -> Result<History<'_>, MigrationError> {
        Ok(History::new(&self.set, self.journal.read().await?))
    }

    fn full_name(&self, aggregate: &str) -> String {
        format!("{}-{aggregate}", self.prefix)
    }
}

/// The journal cannot remember how its own table was made, so every run looks at it again.
fn journal_steps() -> [Step; 2] {
    let table = || JOURNAL_TABLE.to_owned();
    [
        Step::CreateTable {
            table: table(),
            indexes: Vec::new(),
        },
        Step::SetDeletionProtection {
            table: table(),
            on: true,
        },
    ]
}
