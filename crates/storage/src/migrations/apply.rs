use std::{collections::BTreeSet, time::Duration};

use aws_sdk_dynamodb::{Error, error::ProvideErrorMetadata};

use super::{
    Difference, JournalEntry, JournalProgress, MigrationError, MigrationPlan, MigrationReport,
    MigrationSteps, Migrator, StepOutcome, StepReport, Verification,
    declaration::Migration,
    inspect, journal_steps,
    lock::HeldLock,
    step::{MigrationStep, TableChange},
};

/// Maximum number of requests for a step on a busy table, over about five minutes.
const ATTEMPTS: u32 = 64;

impl Migrator {
    /// Returns the steps that [`up`](Self::up) would apply. Changes nothing.
    pub async fn plan(&self) -> Result<MigrationPlan, MigrationError> {
        let journal = self.journal().await?;
        let mut created = BTreeSet::new();
        let mut plan = MigrationPlan {
            journal: self.plan_steps(&journal_steps(), &mut created).await?,
            migrations: Vec::new(),
        };
        for migration in journal.pending(&self.set)? {
            plan.migrations.push(MigrationSteps {
                id: migration.id.clone(),
                description: migration.description.clone(),
                steps: self.plan_steps(&migration.steps, &mut created).await?,
            });
        }
        Ok(plan)
    }

    /// Applies every pending migration under the lock.
    ///
    /// Continues after a crashed run, because applied steps are recognised. If nothing is pending,
    /// it reads the journal and does not acquire the lock.
    ///
    /// # Errors
    ///
    /// The first failure. Earlier steps stay applied, and the journal records the failure.
    pub async fn up(&self) -> Result<MigrationReport, MigrationError> {
        if self.journal().await?.pending(&self.set)?.is_empty() {
            return Ok(MigrationReport::default());
        }
        for step in journal_steps() {
            self.apply_step(&step, None).await?;
        }
        let mut lock = self.lock.acquire(self.ids.next(), &self.operator).await?;
        let result = self.apply_pending(&mut lock).await;
        if let Err(error) = lock.release().await {
            tracing::warn!(
                error = error.chain(),
                "cannot release the migration lock; it stays held until its lease ends"
            );
        }
        result
    }

    async fn apply_pending(
        &self,
        lock: &mut HeldLock<'_>,
    ) -> Result<MigrationReport, MigrationError> {
        let mut report = MigrationReport::default();
        for migration in self.journal().await?.pending(&self.set)? {
            tracing::info!(migration = %migration.id, "applying a migration");
            report.applied.push(self.apply(migration, lock).await?);
        }
        Ok(report)
    }

    async fn apply(
        &self,
        migration: &Migration,
        lock: &mut HeldLock<'_>,
    ) -> Result<MigrationSteps, MigrationError> {
        let mut entry = JournalEntry::start(migration, &self.operator, self.clock.now());
        lock.write_entry(&entry).await?;
        let result = self.apply_steps(migration, lock).await;
        entry.finished_at = Some(self.clock.now());
        match &result {
            Ok(applied) => {
                entry.progress = JournalProgress::Done;
                entry.not_supported = applied.not_supported();
                lock.write_entry(&entry).await?;
            }
            Err(MigrationError::LockLost(_)) => {}
            Err(error) => {
                entry.progress = JournalProgress::Failed;
                entry.error = Some(error.chain());
                if let Err(error) = lock.write_entry(&entry).await {
                    tracing::warn!(
                        error = error.chain(),
                        "cannot record the failed migration in the journal"
                    );
                }
            }
        }
        result
    }

    async fn apply_steps(
        &self,
        migration: &Migration,
        lock: &mut HeldLock<'_>,
    ) -> Result<MigrationSteps, MigrationError> {
        let mut steps = Vec::new();
        for step in &migration.steps {
            let outcome = self.apply_step(step, Some(lock)).await?;
            steps.push(StepReport {
                step: step.describe(&self.full_name(&step.table)),
                outcome,
            });
        }
        Ok(MigrationSteps {
            id: migration.id.clone(),
            description: migration.description.clone(),
            steps,
        })
    }

    /// Checks a step, requests it and waits. After a failed request it checks again, because the
    /// request may have succeeded.
    async fn apply_step(
        &self,
        step: &MigrationStep,
        mut lock: Option<&mut HeldLock<'_>>,
    ) -> Result<StepOutcome, MigrationError> {
        let table = self.full_name(&step.table);
        let mut failed: Option<Error> = None;
        let mut attempt = 0;
        loop {
            renew(&mut lock).await?;
            match self.check_step(step, &BTreeSet::new()).await? {
                StepOutcome::ToDo | StepOutcome::Done => {}
                StepOutcome::AlreadyThere => {
                    self.wait(&table, &mut lock).await?;
                    return Ok(failed.map_or(StepOutcome::AlreadyThere, |_| StepOutcome::Done));
                }
                StepOutcome::NotSupported => return Ok(StepOutcome::NotSupported),
                StepOutcome::Refused(differences) => {
                    return Err(MigrationError::Different {
                        step: step.describe(&table),
                        differences,
                    });
                }
            }
            if let Some(error) = failed {
                if !is_transient(&error) || attempt == ATTEMPTS {
                    return Err(MigrationError::database(step.describe(&table), error));
                }
                pause(attempt).await;
                attempt += 1;
            }
            match step.request(&self.client, &table).await {
                Ok(()) => {
                    self.wait(&table, &mut lock).await?;
                    return Ok(StepOutcome::Done);
                }
                Err(error) => failed = Some(error),
            }
        }
    }

    /// Plans steps; `created` holds the full names of tables that earlier steps would create.
    async fn plan_steps(
        &self,
        steps: &[MigrationStep],
        created: &mut BTreeSet<String>,
    ) -> Result<Vec<StepReport>, MigrationError> {
        let mut planned = Vec::new();
        for step in steps {
            let outcome = self.check_step(step, created).await?;
            let table = self.full_name(&step.table);
            planned.push(StepReport {
                step: step.describe(&table),
                outcome,
            });
            if matches!(step.change, TableChange::Create(_)) {
                created.insert(table);
            }
        }
        Ok(planned)
    }

    /// Compares a step with the live table. A missing table in `created` counts as present.
    async fn check_step(
        &self,
        step: &MigrationStep,
        created: &BTreeSet<String>,
    ) -> Result<StepOutcome, MigrationError> {
        let table = self.full_name(&step.table);
        let is_creation = matches!(step.change, TableChange::Create(_));
        let live = inspect::facts_for(&self.client, &table, &step.change).await?;
        let Some(mut live) = live else {
            return Ok(if is_creation || created.contains(&table) {
                StepOutcome::ToDo
            } else {
                StepOutcome::Refused(vec![Difference::no_table(&table)])
            });
        };
        let facts = step.change.facts();
        // A template of AWS creates a table with the indexes of later migrations.
        if let Some(whole) = self.set.tables.get(&step.table) {
            live.retain(|aspect, fact| {
                facts.contains_key(aspect) || whole.get(aspect) != Some(fact)
            });
        }
        let mut found = Verification::default();
        found.compare(&table, &facts, &live);
        Ok(if !found.is_clean() {
            if !is_creation && found.differences.iter().all(Difference::is_addition) {
                StepOutcome::ToDo
            } else {
                StepOutcome::Refused(found.differences)
            }
        } else if found.not_supported.is_empty() {
            StepOutcome::AlreadyThere
        } else {
            StepOutcome::NotSupported
        })
    }

    /// Waits until the table and its indexes are active, without a limit: building an index takes
    /// as long as its table is large.
    async fn wait(
        &self,
        table: &str,
        lock: &mut Option<&mut HeldLock<'_>>,
    ) -> Result<(), MigrationError> {
        let mut attempt = 0;
        while !inspect::is_active(&self.client, table).await? {
            tracing::info!(table, "waiting until the table and its indexes are active");
            pause(attempt).await;
            attempt += 1;
            renew(lock).await?;
        }
        Ok(())
    }
}

async fn renew(lock: &mut Option<&mut HeldLock<'_>>) -> Result<(), MigrationError> {
    match lock {
        Some(lock) => lock.renew().await,
        None => Ok(()),
    }
}

/// Whether the table is busy with an earlier change, so that the same request can succeed later.
fn is_transient(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            "ContinuousBackupsUnavailableException"
                | "ResourceInUseException"
                | "LimitExceededException"
        )
    )
}

/// Waits before check number `attempt` from 0. The pause is far shorter than the lease of the lock.
async fn pause(attempt: u32) {
    let pause = Duration::from_millis(100) * (1 << attempt.min(6));
    tokio::time::sleep(pause.min(Duration::from_secs(5))).await;
}
