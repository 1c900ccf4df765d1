use std::path::PathBuf;

use clap::Args;

use super::block_on;
use crate::{Failure, config, wiring};

/// What is imported, and to where.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Folder of the Markdown site
    pub(crate) dir: PathBuf,
    /// Address of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub(crate) url: String,
    /// API key or access token; better given as `TINTERO_TOKEN`, which no process list shows
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take warnings for failures
    #[arg(long)]
    pub(crate) strict: bool,
}

pub(super) fn run(import: &Import) -> Result<(), Failure> {
    let token = import.token.clone().or_else(config::client_token);
    let token = token.ok_or_else(|| {
        Failure::refused("an import needs TINTERO_TOKEN, an API key or access token")
    })?;
    block_on(wiring::import(import, &token))
}
