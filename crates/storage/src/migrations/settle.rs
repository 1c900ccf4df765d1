use std::time::Duration;

use super::{
    Difference, MigrationError, Migrator, Outcome, Step,
    facts::Verification,
    live::Readiness,
    lock::Lease,
    request::{Refusal, ask},
};

/// What the database says about a step before it is taken.
#[derive(Debug)]
pub(super) enum Found {
    /// There is no such table.
    NoTable,
    /// The table is there, and the step is to be done.
    ToDo,
    /// Everything that the step declares is true already.
    Done,
    /// The engine cannot do it.
    NotSupported,
    /// Something else is where the step would go.
    Different(Vec<Difference>),
}

impl Migrator {
    /// Holds `step` against the live table.
    pub(super) async fn look(&self, step: &Step) -> Result<Found, MigrationError> {
        let table = self.full_name(step.table());
        let Some(live) = self.live.facts(&table, step.source()).await? else {
            return Ok(Found::NoTable);
        };
        let is_creation = matches!(step, Step::CreateTable { .. });
        let found = Verification::of(&table, &step.facts(), &live, is_creation);
        let possible = !is_creation && found.differences.iter().all(Difference::is_addition);
        Ok(
            match (found.differences.is_empty(), found.not_supported.is_empty()) {
                (true, true) => Found::Done,
                (true, false) => Found::NotSupported,
                (false, _) if possible => Found::ToDo,
                (false, _) => Found::Different(found.differences),
            },
        )
    }

    /// Makes `step` true: looks, asks, waits, and after a refusal looks again, because the request
    /// may have been carried out all the same.
    pub(super) async fn settle(
        &self,
        step: &Step,
        mut lease: Option<&mut Lease<'_>>,
    ) -> Result<Outcome, MigrationError> {
        let table = self.full_name(step.table());
        let mut refused: Option<Refusal> = None;
        let mut pauses = Pauses::default();
        loop {
            keep(&mut lease).await?;
            match self.look(step).await? {
                Found::Done => {
                    self.wait(&table, &mut lease).await?;
                    return Ok(refused.map_or(Outcome::AlreadyThere, |_| Outcome::Done));
                }
                Found::NotSupported => return Ok(Outcome::NotSupported),
                Found::Different(differences) => return Err(different(step, &table, differences)),
                Found::NoTable if !matches!(step, Step::CreateTable { .. }) => {
                    return Err(different(step, &table, vec![Difference::no_table(&table)]));
                }
                Found::NoTable | Found::ToDo => {}
            }
            if let Some(refusal) = refused {
                if !refusal.passes || pauses.are_over() {
                    return Err(refusal.error);
                }
                pauses.rest().await;
            }
            match ask(&self.client, &table, step).await {
                Ok(()) => {
                    self.wait(&table, &mut lease).await?;
                    return Ok(Outcome::Done);
                }
                Err(refusal) => refused = Some(refusal),
            }
        }
    }

    /// Waits until `table` and its indexes are active, however long an index takes to build.
    async fn wait(
        &self,
        table: &str,
        lease: &mut Option<&mut Lease<'_>>,
    ) -> Result<(), MigrationError> {
        let mut pauses = Pauses::default();
        while self.live.readiness(table).await? == Readiness::NotYet {
            tracing::info!(table, "waits until the table and its indexes are active");
            pauses.rest().await;
            keep(lease).await?;
        }
        Ok(())
    }
}

async fn keep(lease: &mut Option<&mut Lease<'_>>) -> Result<(), MigrationError> {
    match lease {
        Some(lease) => lease.keep().await,
        None => Ok(()),
    }
}

fn different(step: &Step, table: &str, differences: Vec<Difference>) -> MigrationError {
    MigrationError::Different {
        step: step.words(table),
        differences,
    }
}

/// Pauses between two looks: short at first, never near the length of a lease.
#[derive(Debug, Default)]
struct Pauses(u32);

impl Pauses {
    const LONGEST: Duration = Duration::from_secs(5);

    async fn rest(&mut self) {
        let pause = Duration::from_millis(100) * (1 << self.0.min(6));
        self.0 += 1;
        tokio::time::sleep(pause.min(Self::LONGEST)).await;
    }

    /// About five minutes: what a table needs at most to get over an earlier change.
    fn are_over(&self) -> bool {
        self.0 >= 64
    }
}
