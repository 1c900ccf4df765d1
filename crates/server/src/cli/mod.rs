//! The command line.

mod api_keys;
mod audit;
mod backup;
mod config;
mod doctor;
mod healthcheck;
mod keys;
mod lambda;
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

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::{
    CommandError,
    config::{Config, Loaded, LogFilter, is_lambda_function, load},
    telemetry,
};

#[derive(Debug, Parser)]
#[command(
    name = "tintero",
    version,
    about = "A content API for blogs on DynamoDB",
    arg_required_else_help = true
)]
struct Cli {
    /// Configuration file [default: the file in `TINTERO_CONFIG`, or ./tintero.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve,
    /// Create, update and verify the tables
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// Manage users
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Manage API keys
    #[command(subcommand)]
    Keys(api_keys::ApiKeysCommand),
    /// List the records of the audit trail, newest first
    Audit(audit::AuditArgs),
    /// Check the consistency of the tables, also while a server is running
    Doctor(doctor::Args),
    /// Back up the data folder to a file, also while a server is running
    Backup(backup::Args),
    /// Restore a data folder from a backup, or verify a backup
    Restore(restore::Args),
    /// Import a Markdown site into a server
    Import(Box<tintero_importer::Args>),
    /// Export the posts of a server as files of a Markdown site
    Export(Box<tintero_importer::ExportArgs>),
    /// Print the OpenAPI document
    Openapi(openapi::Args),
    /// Print the effective configuration with the source of each value; secrets are masked
    Config(output::OutputArgs),
    /// Generate keys that sign access tokens
    #[command(subcommand)]
    SigningKey(keys::KeyCommand),
    /// Generate keys that sign list cursors
    #[command(subcommand)]
    CursorKey(keys::KeyCommand),
    /// Generate keys that encrypt the secrets of second factors
    #[command(subcommand)]
    SecretKey(keys::KeyCommand),
    /// Check that the configured server is ready; for containers
    Healthcheck,
}

/// Runs the command of this process, or the Lambda function if Lambda started it.
///
/// Exit codes: 0 for success, 1 for failed work, 2 for errors that the operator must fix first
/// (arguments, configuration, a port or folder in use).
#[must_use]
pub fn run() -> ExitCode {
    let done = if is_lambda_function() {
        load(None).and_then(|loaded| lambda::run(&logged_server(loaded)))
    } else {
        let cli = Cli::parse();
        cli.command.run(cli.config.as_deref())
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            output::print_message(&error.to_string());
            error.exit_code()
        }
    }
}

impl Command {
    fn run(self, file: Option<&Path>) -> Result<ExitCode, CommandError> {
        let loaded = || load(file);
        match self {
            Self::Serve => serve::run(&logged_server(loaded()?)),
            Self::Migrate(command) => migrate::run(command, &logged(loaded()?)),
            Self::Users(command) => users::run(command, &logged(loaded()?)),
            Self::Keys(command) => api_keys::run(command, &logged(loaded()?)),
            Self::Audit(args) => audit::run(args, &logged(loaded()?)),
            Self::Doctor(args) => doctor::run(&args, &logged(loaded()?)),
            Self::Backup(args) => backup::run(&args, &logged(loaded()?)),
            Self::Restore(args) => restore::run(args, logged(loaded()?)),
            Self::Import(args) => {
                return block_on(async { Ok(tintero_importer::run(*args).await.into()) });
            }
            Self::Export(args) => {
                return block_on(async { Ok(tintero_importer::run_export(*args).await.into()) });
            }
            Self::Openapi(args) => openapi::run(&args),
            Self::Config(args) => config::run(args, &loaded()?),
            Self::SigningKey(command) => keys::signing(&command, loaded),
            Self::CursorKey(command) => keys::cursor(&command, loaded),
            Self::SecretKey(command) => keys::secret(&command, loaded),
            Self::Healthcheck => healthcheck::run(&loaded()?.config),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Starts the log of a command and returns the configuration. Unless a level is configured, only
/// warnings and errors are shown, because a command prints its results.
fn logged(loaded: Loaded) -> Config {
    let quiet = LogFilter::warnings();
    let filter = if loaded.is_default("log") {
        &quiet
    } else {
        &loaded.config.log
    };
    telemetry::start_command(filter, loaded.config.log_format);
    warn_of_foreign_variables(&loaded);
    loaded.config
}

/// Starts the log of a server and returns the configuration.
fn logged_server(loaded: Loaded) -> Config {
    telemetry::start_server(&loaded.config.log, loaded.config.log_format);
    warn_of_foreign_variables(&loaded);
    loaded.config
}

fn warn_of_foreign_variables(loaded: &Loaded) {
    for variable in loaded.foreign_variables() {
        tracing::warn!(
            variable,
            "ignored: not a setting of tintero, in spite of its prefix; see docs/configuration.md"
        );
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(work);
    // Blocking tasks that are still running must not delay the exit.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_definition_is_valid() {
        Cli::command().debug_assert();
    }
}
