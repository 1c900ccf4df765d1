use std::fmt;

use serde::Serialize;

use super::{Difference, MigrationId};

/// The steps that `up` would apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationPlan {
    /// Steps for the table of the journal and the lock.
    pub journal: Vec<StepReport>,
    /// Pending migrations in order.
    pub migrations: Vec<MigrationSteps>,
}

/// The steps that `up` applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MigrationReport {
    /// Applied migrations in order; empty if none was pending.
    pub applied: Vec<MigrationSteps>,
}

/// The steps of one migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationSteps {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// Description from the file.
    pub description: String,
    /// Its steps in order.
    pub steps: Vec<StepReport>,
}

/// One step, planned or applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The step in words.
    pub step: String,
    /// Its outcome.
    pub outcome: StepOutcome,
}

/// The outcome of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// `up` would apply it.
    ToDo,
    /// `up` applied it.
    Done,
    /// The table is already as declared.
    AlreadyThere,
    /// Skipped, because this engine does not support it.
    NotSupported,
    /// `up` would stop here, because the table differs from its declaration.
    Refused(Vec<Difference>),
}

impl MigrationSteps {
    pub(super) fn not_supported(&self) -> Vec<String> {
        let steps = self.steps.iter();
        steps
            .filter(|report| report.outcome == StepOutcome::NotSupported)
            .map(|report| report.step.clone())
            .collect()
    }
}

impl fmt::Display for MigrationPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.migrations.is_empty() {
            writeln!(f, "Table of the journal and the lock")?;
            write_steps(f, &self.journal)?;
        }
        write_migrations(f, &self.migrations)
    }
}

impl fmt::Display for MigrationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_migrations(f, &self.applied)
    }
}

fn write_migrations(f: &mut fmt::Formatter<'_>, migrations: &[MigrationSteps]) -> fmt::Result {
    if migrations.is_empty() {
        return writeln!(f, "Nothing to do.");
    }
    for migration in migrations {
        writeln!(f, "{}: {}", migration.id, migration.description)?;
        write_steps(f, &migration.steps)?;
    }
    Ok(())
}

fn write_steps(f: &mut fmt::Formatter<'_>, steps: &[StepReport]) -> fmt::Result {
    for StepReport { step, outcome } in steps {
        write!(f, "  {step}")?;
        match outcome {
            StepOutcome::ToDo | StepOutcome::Done => {}
            StepOutcome::AlreadyThere => write!(f, " (already done)")?,
            StepOutcome::NotSupported => write!(f, " (skipped: not supported by this engine)")?,
            StepOutcome::Refused(differences) => {
                write!(f, " (refused)")?;
                for difference in differences {
                    write!(f, "\n    {difference}")?;
                }
            }
        }
        writeln!(f)?;
    }
    Ok(())
}
