//! The binary `tintero`: configuration, keys, connections and commands.
//!
//! - [`config`] loads the settings.
//! - [`keystore`] loads or generates secret keys.
//! - `wiring` constructs the services from the configuration.
//! - [`serve`] accepts connections, and `lambda` the events of a Lambda function.
//! - `backup` backs up and restores data folders.
//! - [`cli`] defines the commands.

mod backup;
pub mod cli;
pub mod clock;
mod command_error;
pub mod config;
pub mod data_lock;
mod fair_queues;
mod issuer_documents;
pub mod keystore;
mod lambda;
mod mail;
mod metrics;
pub mod passwords;
mod private_fs;
pub mod renderer;
mod secrets;
pub mod serve;
pub mod telemetry;
mod text_pool;
mod wiring;

pub use command_error::CommandError;
