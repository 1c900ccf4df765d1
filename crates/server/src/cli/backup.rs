use std::path::{Path, PathBuf};

use indicatif::{HumanBytes, HumanCount};

use super::{block_on, output};
use crate::{
    CommandError,
    backup::{self, BackupOptions, BackupOutput, CreatedBackup},
    config::Config,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write, such as site.tar.zst, created when the backup is complete; - is standard output
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
        output: args.output(),
        with_keys: args.with_keys,
    };
    let created = block_on(backup::create(config, &options))?;
    let report = report(args, &created);
    if let BackupOutput::StandardOutput = options.output {
        output::print_message(&report);
        return Ok(());
    }
    output::print(&report)
}

impl Args {
    fn output(&self) -> BackupOutput<'_> {
        match (&*self.file, self.force) {
            (file, _) if file == Path::new("-") => BackupOutput::StandardOutput,
            (file, true) => BackupOutput::File(file),
            (file, false) => BackupOutput::NewFile(file),
        }
    }
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
        args.output(),
        HumanBytes(*size),
        HumanCount(manifest.items()),
        HumanCount(manifest.objects() as u64),
    )
}
