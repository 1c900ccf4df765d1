use clap::{Args, Subcommand};

use super::{block_on, output};
use crate::{Failure, config::Config, wiring};

/// What can be done with the tables.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Step {
    /// Show which migrations were applied
    Status(Form),
    /// Show what `up` would do, and do nothing
    Plan(Form),
    /// Apply what is missing
    Up(Form),
    /// Compare the tables with the migrations
    Verify(Form),
    /// Release a lock that a killed migration left behind
    Unlock(Form),
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Form {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

pub(super) fn run(step: Step, config: &Config) -> Result<(), Failure> {
    output::answer(&block_on(wiring::migrate(config, step))?)
}
