use std::fmt::Display;

use anyhow::{Context, Error, anyhow};
use clap::Subcommand;
use serde::Serialize;
use tintero_storage::migrations::Migrator;

use super::{
    block_on,
    output::{self, OutputArgs},
};
use crate::{CommandError, config::Config, wiring};

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum MigrateCommand {
    /// Show the state of every migration
    Status(OutputArgs),
    /// Show what `up` would do
    Plan(OutputArgs),
    /// Apply pending migrations
    Up(OutputArgs),
    /// Compare the tables with the migrations; exits with code 1 if they differ
    Verify(OutputArgs),
    /// Release the lock of a run that was killed
    Unlock(OutputArgs),
}

pub(super) fn run(command: MigrateCommand, config: &Config) -> Result<(), CommandError> {
    block_on(async {
        let migrator = wiring::migrator(config).await?;
        command.run(&migrator).await
    })
}

impl MigrateCommand {
    async fn run(self, migrator: &Migrator) -> Result<(), CommandError> {
        match self {
            Self::Status(args) => {
                let statuses = migrator.status().await.map_err(Error::from)?;
                report(args, &StatusReport(statuses))
            }
            Self::Plan(args) => report(args, &migrator.plan().await.map_err(Error::from)?),
            Self::Up(args) => report(args, &migrator.up().await.map_err(Error::from)?),
            Self::Verify(args) => {
                let verification = migrator.verify().await.map_err(Error::from)?;
                report(args, &verification)?;
                match verification.differences.len() {
                    0 => Ok(()),
                    differences => Err(anyhow!("found {differences} differences").into()),
                }
            }
            Self::Unlock(args) => {
                let holder = migrator.unlock().await.map_err(Error::from)?;
                report(args, &UnlockReport(holder))
            }
        }
    }
}

fn report<R: Display + Serialize>(args: OutputArgs, report: &R) -> Result<(), CommandError> {
    if args.json {
        let json = serde_json::to_value(report).context("cannot convert the report to JSON")?;
        return output::print_json(&json);
    }
    output::print(&report.to_string())
}

#[derive(Serialize)]
#[serde(transparent)]
struct StatusReport<T>(Vec<T>);

impl<T: Display> Display for StatusReport<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|status| writeln!(f, "{status}"))
    }
}

/// The holder of the released lock.
#[derive(Serialize)]
#[serde(transparent)]
struct UnlockReport<T>(Option<T>);

impl<T: Display> Display for UnlockReport<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(holder) => write!(f, "Released the lock of {holder}"),
            None => f.write_str("The lock was not held"),
        }
    }
}
