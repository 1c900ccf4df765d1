use std::path::PathBuf;

use indicatif::{HumanBytes, HumanCount};

use super::{block_on, output};
use crate::{
    Failure,
    backup::{self, Created},
    config::Config,
};

/// Where the backup goes and what goes with it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write, for example site.tar.zst; it appears when it is complete
    file: PathBuf,
    /// Include the keys of the data folder; whoever reads the backup can then sign access tokens
    #[arg(long)]
    with_keys: bool,
    /// Replace a file of that name
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<(), Failure> {
    let request = backup::Request {
        file: &args.file,
        with_keys: args.with_keys,
        replace: args.force,
    };
    let created = block_on(backup::create(config, &request))?;
    output::answer(&report(args, &created))
}

fn report(args: &Args, created: &Created) -> String {
    let Created {
        manifest,
        size,
        digest,
    } = created;
    let keys = match manifest.keys() {
        _ if !args.with_keys => {
            "not included, because they are secrets; --with-keys includes them".to_owned()
        }
        0 => "none in the data folder".to_owned(),
        count => format!("{count}, which are secrets: keep this file as you keep them"),
    };
    format!(
        "{} is complete: {}\n  items    {}\n  objects  {}\n  keys     {keys}\n  SHA-256  {digest}",
        args.file.display(),
        HumanBytes(*size),
        HumanCount(manifest.items()),
        HumanCount(manifest.objects() as u64),
    )
}
