use super::{
    AppliedMigration, JournalEntry, Migration, MigrationError, Migrator, Outcome, Report,
    TakenStep, lock::Lease,
};

impl Migrator {
    /// Applies what the journal lacks now that nobody else can write to it.
    pub(super) async fn apply_pending(
        &self,
        lease: &mut Lease<'_>,
    ) -> Result<Report, MigrationError> {
        let mut report = Report::default();
        for migration in self.history().await?.pending()? {
            tracing::info!(migration = %migration.id, "applies a migration");
            report.applied.push(self.apply(migration, lease).await?);
        }
        Ok(report)
    }

    async fn apply(
        &self,
        migration: &Migration,
        lease: &mut Lease<'_>,
    ) -> Result<AppliedMigration, MigrationError> {
        let entry = JournalEntry::begun(migration, &self.operator, self.clock.now());
        self.journal.write(lease, &entry).await?;
        match self.take_steps(migration, lease).await {
            Ok(applied) => {
                let entry = entry.done(applied.left_out(), self.clock.now());
                self.journal.write(lease, &entry).await?;
                Ok(applied)
            }
            Err(lost @ MigrationError::LockLost(_)) => Err(lost),
            Err(error) => {
                let entry = entry.failed(&error, self.clock.now());
                if let Err(second) = self.journal.write(lease, &entry).await {
                    tracing::warn!(
                        error = second.chain(),
                        "the journal does not say that the migration failed"
                    );
                }
                Err(error)
            }
        }
    }

    async fn take_steps(
        &self,
        migration: &Migration,
        lease: &mut Lease<'_>,
    ) -> Result<AppliedMigration, MigrationError> {
        let mut steps = Vec::new();
        for step in &migration.steps {
            let outcome = self.settle(step, Some(lease)).await?;
            steps.push(TakenStep {
                step: step.words(&self.full_name(step.table())),
                outcome,
            });
        }
        Ok(AppliedMigration {
            id: migration.id.clone(),
            steps,
        })
    }
}

impl AppliedMigration {
    fn left_out(&self) -> Vec<String> {
        let left_out = self
            .steps
            .iter()
            .filter(|taken| taken.outcome == Outcome::NotSupported);
        left_out.map(|taken| taken.step.clone()).collect()
    }
}
