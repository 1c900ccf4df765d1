//! Creates and changes tables by migrations: files in the folder `migrations`, applied in order.
//!
//! Reading order: `declaration` parses the files into a [`MigrationSet`]; `step` is one idempotent
//! change; `apply` plans and applies steps; `journal` records applied migrations; `lock` admits one
//! run at a time; `inspect` reads live tables, and `verify` compares them with their declarations.

mod apply;
mod declaration;
mod error;
mod inspect;
mod journal;
mod lock;
mod report;
mod step;
mod verify;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use tintero_domain::clock::{Clock, Ids};

use self::{
    journal::Journal,
    lock::MigrationLock,
    step::{MigrationStep, TableChange},
    verify::{TableSetting, switch},
};

pub use declaration::{MigrationId, MigrationSet};
pub use error::MigrationError;
pub use journal::{JournalEntry, JournalProgress, MigrationState, MigrationStatus};
pub use lock::{LOCK_LEASE, LockHolder};
pub use report::{MigrationPlan, MigrationReport, MigrationSteps, StepOutcome, StepReport};
pub use verify::{Difference, Verification};

/// Applies migrations to the tables `<prefix>-…` of one database.
pub struct Migrator {
    client: Client,
    prefix: String,
    operator: String,
    set: MigrationSet,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    lock: MigrationLock,
}

impl Migrator {
    /// A migrator with the files of this binary. The journal and the lock record `operator`
    /// (`ana@laptop`).
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
            set: MigrationSet::embedded(),
            lock: MigrationLock::new(client.clone(), table, Arc::clone(&clock)),
            client,
            clock,
            ids,
        }
    }

    /// Replaces the files of this binary.
    #[must_use]
    pub fn with_set(self, set: MigrationSet) -> Self {
        Self { set, ..self }
    }

    /// Returns the state of every migration, including those of newer binaries. Sends one query.
    pub async fn status(&self) -> Result<Vec<MigrationStatus>, MigrationError> {
        Ok(self.journal().await?.statuses(&self.set))
    }

    /// Checks that the database can be served. Sends one query.
    ///
    /// # Errors
    ///
    /// [`MigrationError::Behind`], [`MigrationError::Ahead`] or [`MigrationError::Drift`].
    pub async fn check(&self) -> Result<(), MigrationError> {
        let journal = self.journal().await?;
        let pending = journal.pending(&self.set)?;
        if pending.is_empty() {
            return Ok(());
        }
        let missing = pending.iter().map(|it| it.id.to_string()).collect();
        Err(MigrationError::Behind { missing })
    }

    /// Compares every live table with its declaration.
    pub async fn verify(&self) -> Result<Verification, MigrationError> {
        let mut verification = Verification::default();
        for (table, expected) in &self.set.tables {
            let table = self.full_name(table);
            match inspect::all_facts(&self.client, &table).await? {
                Some(live) => verification.compare(&table, expected, &live),
                None => verification.differences.push(Difference::no_table(&table)),
            }
        }
        Ok(verification)
    }

    /// Releases the lock of another run, whose later writes then fail, and returns its holder.
    pub async fn unlock(&self) -> Result<Option<LockHolder>, MigrationError> {
        self.lock.unlock().await
    }

    async fn journal(&self) -> Result<Journal, MigrationError> {
        Journal::read(&self.lock).await
    }

    fn full_name(&self, table: &str) -> String {
        format!("{}-{table}", self.prefix)
    }
}

/// The table of the journal and the lock, without the prefix.
const JOURNAL_TABLE: &str = "schema_migrations";

/// The steps for the journal's own table. The journal cannot record them, so every `up` checks them.
fn journal_steps() -> [MigrationStep; 2] {
    [
        TableChange::Create(Vec::new()),
        TableChange::Set(TableSetting::DeletionProtection, switch(true)),
    ]
    .map(|change| MigrationStep {
        table: JOURNAL_TABLE.to_owned(),
        change,
    })
}
