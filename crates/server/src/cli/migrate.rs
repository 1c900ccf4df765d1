use std::fmt::Display;

use anyhow::{Context, Error, anyhow};
use clap::{Args, Subcommand};
use serde::Serialize;
use tintero_storage::migrations::Migrator;

use super::{block_on, output};
use crate::{Failure, config::Config, wiring};

/// What can be done with the tables.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum Step {
    /// Show where every migration stands
    Status(Form),
    /// Show what `up` would do, and do nothing
    Plan(Form),
    /// Apply what is missing
    Up(Form),
    /// Hold the tables against the migrations; exit code 1 where they differ
    Verify(Form),
    /// Release the lock that a killed run left behind
    Unlock(Form),
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Form {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(step: Step, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let migrator = wiring::migrator(config).await?;
        step.take(&migrator).await
    })
}

impl Step {
    async fn take(self, migrator: &Migrator) -> Result<(), Failure> {
        match self {
            Self::Status(form) => {
                form.report(&Lines(migrator.status().await.map_err(Error::from)?))
            }
            Self::Plan(form) => form.report(&migrator.plan().await.map_err(Error::from)?),
            Self::Up(form) => form.report(&migrator.up().await.map_err(Error::from)?),
            Self::Verify(form) => {
                let verification = migrator.verify().await.map_err(Error::from)?;
                form.report(&verification)?;
                let differences = verification.differences.len();
                if differences == 0 {
                    Ok(())
                } else {
                    Err(anyhow!("{differences} differences").into())
                }
            }
            Self::Unlock(form) => {
                form.report(&Released(migrator.unlock().await.map_err(Error::from)?))
            }
        }
    }
}

impl Form {
    fn report<R: Display + Serialize>(self, report: &R) -> Result<(), Failure> {
        if self.json {
            let text =
                serde_json::to_string_pretty(report).context("the report has no JSON form")?;
            return output::answer(&text);
        }
        output::answer(&report.to_string())
    }
}

/// One thing per line.
#[derive(Serialize)]
#[serde(transparent)]
struct Lines<T>(Vec<T>);

impl<T: Display> Display for Lines<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Who held the lock that was released.
#[derive(Serialize)]
#[serde(transparent)]
struct Released<T>(Option<T>);

impl<T: Display> Display for Released<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(holder) => write!(f, "Released the lock of {holder}."),
            None => f.write_str("Nobody held the lock."),
        }
    }
}
