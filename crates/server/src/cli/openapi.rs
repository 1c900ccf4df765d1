use clap::Args;

use super::output;
use crate::{Failure, wiring};

/// How the description is printed.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// Print JSON instead of YAML
    #[arg(long)]
    json: bool,
}

pub(super) fn run(form: &Form) -> Result<(), Failure> {
    output::answer(&wiring::openapi(form.json)?)
}
