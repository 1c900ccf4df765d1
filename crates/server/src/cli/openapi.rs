use super::output;
use crate::CommandError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON instead of YAML
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), CommandError> {
    output::print(&if args.json {
        tintero_http::openapi_json()
    } else {
        tintero_http::openapi_yaml()
    })
}
