use std::path::PathBuf;

use indicatif::{HumanBytes, HumanCount};

use super::{block_on, output};
use crate::{
    CommandError,
    backup::{self, BackupOptions, CreatedBackup},
    config::Config,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write, such as site.tar.zst; it is created when the backup is complete
    file: PathBuf,
    /// Include the keys of the data folder; they can sign access tokens for any user
    #[arg(long)]
    with_keys: bool,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<(), CommandError> {
    let options = BackupOptions {
        file: &args.file,
        with_keys: args.with_keys,
        replace: args.force,
    };
    let created = block_on(backup::create(config, &options))?;
    output::print(&report(args, &created))
}

fn report(args: &Args, created: &CreatedBackup) -> String {
    let CreatedBackup {
        manifest,
        size,
        digest,
    } = created;
    let keys = match manifest.keys() {
        _ if !args.with_keys => "not included (use --with-keys to include them)".to_owned(),
        0 => "none in the data folder".to_owned(),
        count => format!("{count} included; keep this file secret"),
    };
    format!(
        "Created {} ({})\n  items    {}\n  objects  {}\n  keys     {keys}\n  SHA-256  {digest}",
        args.file.display(),
        HumanBytes(*size),
        HumanCount(manifest.items()),
        HumanCount(manifest.objects() as u64),
    )
}
