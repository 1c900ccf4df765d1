use std::fmt;

use serde::Serialize;

use super::MigrationId;

/// What `up` did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Migrations that it applied, in their order; empty if nothing was left to do.
    pub applied: Vec<AppliedMigration>,
}

/// A migration that `up` applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedMigration {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// Its steps in order.
    pub steps: Vec<TakenStep>,
}

/// A step that `up` took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenStep {
    /// The step in words.
    pub step: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done now.
    Done,
    /// It had been done already.
    AlreadyThere,
    /// This engine cannot do it; it was left out.
    NotSupported,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.applied.is_empty() {
            return writeln!(f, "Nothing to do.");
        }
        for AppliedMigration { id, steps } in &self.applied {
            writeln!(f, "{id}")?;
            for TakenStep { step, outcome } in steps {
                let note = match outcome {
                    Outcome::Done => "",
                    Outcome::AlreadyThere => " (was there already)",
                    Outcome::NotSupported => " (left out: not supported by this engine)",
                };
                writeln!(f, "  {step}{note}")?;
            }
        }
        Ok(())
    }
}
