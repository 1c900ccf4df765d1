use std::path::{Path, PathBuf};

use indicatif::HumanCount;

use super::{block_on, output};
use crate::{
    CommandError,
    backup::{self, BackupManifest, Restored},
    config::Config,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Backup file
    file: PathBuf,
    /// Folder to restore into [default: the configured data folder]; it must be missing or empty
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Move the previous contents of the folder into a subfolder
    #[arg(long)]
    force: bool,
    /// Check the whole backup without writing anything
    #[arg(long, conflicts_with_all = ["data_dir", "force"])]
    verify: bool,
}

pub(super) fn run(args: Args, mut config: Config) -> Result<(), CommandError> {
    let file = &args.file;
    if args.verify {
        let verified = backup::verify(file)?;
        return output::print(&format!(
            "Verified {}\n  {}\n  SHA-256  {}",
            file.display(),
            summary(&verified.manifest),
            verified.digest
        ));
    }
    if let Some(folder) = args.data_dir {
        config.data_dir = folder;
    }
    let restored = block_on(backup::restore(&config, file, args.force))?;
    output::print(&report(&config.data_dir, &restored))
}

fn report(folder: &Path, restored: &Restored) -> String {
    let Restored {
        manifest,
        pending,
        sent,
        moved_to,
    } = restored;
    let mut lines = vec![format!(
        "Restored {}\n  {}",
        folder.display(),
        summary(manifest)
    )];
    if let Some(moved_to) = moved_to {
        lines.push(format!(
            "Moved the previous contents to {}",
            moved_to.display()
        ));
    }
    if let Some(sent) = sent {
        lines.push(format!(
            "Sent {} objects to the bucket",
            HumanCount(*sent as u64)
        ));
    }
    if manifest.keys() == 0 {
        lines.push(
            "The backup contains no keys. Unless keys are configured or copied, the next start generates new ones, which invalidates all access tokens and list cursors."
                .to_owned(),
        );
    }
    if !pending.is_empty() {
        lines.push(format!("The next start applies {}", pending.join(", ")));
    }
    lines.join("\n")
}

fn summary(manifest: &BackupManifest) -> String {
    format!(
        "{} items, {} objects, {} keys; created {} by tintero {}",
        HumanCount(manifest.items()),
        HumanCount(manifest.objects() as u64),
        manifest.keys(),
        manifest.created_at(),
        manifest.version(),
    )
}
