use clap::Args;

use super::output;
use crate::Failure;

/// How the description is printed.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// Print JSON instead of YAML
    #[arg(long)]
    json: bool,
}

pub(super) fn run(form: &Form) -> Result<(), Failure> {
    let text = if form.json {
        tintero_http::openapi_json()
    } else {
        tintero_http::openapi_yaml()
    };
    output::answer(&text)
}
