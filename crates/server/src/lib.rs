//! The binary `tintero`: configuration, keys, the serving loop and the subcommands.
//!
//! Reading order: [`config`] (what can be set), [`keystore`] (secrets), [`serve`] (the loop),
//! `backup` (copies of a data folder), then [`cli`], whose commands put them together.

mod backup;
pub mod cli;
pub mod clock;
pub mod config;
mod failure;
pub mod keystore;
pub mod lock;
pub mod passwords;
mod private;
pub mod renderer;
pub mod serve;
pub mod telemetry;
mod wiring;

pub use failure::Failure;
