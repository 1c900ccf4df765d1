//! The command line.

mod api_keys;
mod backup;
mod config;
mod doctor;
mod healthcheck;
mod keys;
mod migrate;
mod openapi;
mod output;
mod restore;
mod serve;
mod users;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, Subcommand};

use crate::{
    Failure,
    config::{Loaded, load},
};

/// The name and arguments of a call.
#[derive(Debug, Parser)]
#[command(
    name = "tintero",
    version,
    about = "A content API for blogs on DynamoDB",
    arg_required_else_help = true
)]
struct Cli {
    /// Configuration file; else the one that `TINTERO_CONFIG` names, else ./tintero.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve,
    /// Create and change the tables
    #[command(subcommand)]
    Migrate(migrate::Step),
    /// Manage the people who can sign in
    #[command(subcommand)]
    Users(users::Task),
    /// Manage API keys, with which programs call the API (`signing-key` and `cursor-key` are others)
    #[command(subcommand)]
    Keys(api_keys::Task),
    /// Look whether the tables hold together, beside a running server or without one
    Doctor(doctor::Visit),
    /// Copy the data folder into one file, beside a running server
    Backup(backup::Args),
    /// Fill a data folder from a backup, or verify one
    Restore(restore::Args),
    /// Move a Markdown site into a server
    Import(Box<tintero_importer::Args>),
    /// Print the description of the API
    Openapi(openapi::Form),
    /// Print the effective configuration and where each value came from; secrets are masked
    Config(config::Form),
    /// Make the keys that sign access tokens
    #[command(subcommand)]
    SigningKey(keys::Task),
    /// Make the keys that seal list cursors
    #[command(subcommand)]
    CursorKey(keys::Task),
    /// Ask the configured server whether it is ready, for containers
    Healthcheck,
}

/// Runs the command of this process's arguments.
///
/// Exit codes: 0 done; 1 the work failed; 2 something must be changed first (arguments,
/// configuration, a port or folder in use).
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run(cli.config.as_deref()) {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure);
            failure.exit_code()
        }
    }
}

impl Command {
    fn run(self, file: Option<&Path>) -> Result<ExitCode, Failure> {
        let loaded = || load(file);
        match self {
            Self::Serve => serve::run(&loaded()?.config),
            Self::Migrate(step) => migrate::run(step, &logged(loaded()?)),
            Self::Users(task) => users::run(task, &logged(loaded()?)),
            Self::Keys(task) => api_keys::run(task, &logged(loaded()?)),
            Self::Doctor(visit) => doctor::run(&visit, &logged(loaded()?)),
            Self::Backup(args) => backup::run(&args, &logged(loaded()?)),
            Self::Restore(args) => restore::run(args, logged(loaded()?)),
            Self::Import(args) => {
                return block_on(async { Ok(tintero_importer::run(*args).await.into()) });
            }
            Self::Openapi(form) => openapi::run(&form),
            Self::Config(form) => config::run(&form, &loaded()?),
            Self::SigningKey(task) => keys::signing(&task, loaded),
            Self::CursorKey(task) => keys::cursor(&task, loaded),
            Self::Healthcheck => healthcheck::run(&loaded()?.config),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Starts the log of a command that works on the database.
fn logged(loaded: Loaded) -> crate::config::Config {
    crate::telemetry::start(&loaded.config.log, loaded.config.log_format);
    loaded.config
}

/// Runs asynchronous work to its end.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::Failed(anyhow::Error::new(error).context("no threads can be started"))
        })?;
    let done = runtime.block_on(work);
    // What was cut off must not hold the process up.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
