use std::path::{Path, PathBuf};

use indicatif::HumanCount;

use super::{block_on, output};
use crate::{
    Failure,
    backup::{self, Manifest, Restored, Verified},
    config::Config,
};

/// Which backup, and what is done with it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The backup
    file: PathBuf,
    /// The folder to fill, else the configured one; it must be absent or empty
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Move what is in the folder aside, into a folder within it
    #[arg(long)]
    force: bool,
    /// Read the whole backup, say whether it is as it was written, and write nothing
    #[arg(long, conflicts_with_all = ["data_dir", "force"])]
    verify: bool,
}

pub(super) fn run(args: Args, mut config: Config) -> Result<(), Failure> {
    if args.verify {
        return output::answer(&verified(&args.file, &backup::verify(&args.file)?));
    }
    if let Some(folder) = args.data_dir {
        config.data_dir = folder;
    }
    let restored = block_on(backup::restore(&config, &args.file, args.force))?;
    output::answer(&report(&config.data_dir, &restored))
}

fn verified(file: &Path, Verified { manifest, digest }: &Verified) -> String {
    format!(
        "{} is as it was written: {}\n  SHA-256  {digest}",
        file.display(),
        described(manifest)
    )
}

fn report(folder: &Path, restored: &Restored) -> String {
    let Restored {
        manifest,
        pending,
        aside,
    } = restored;
    let mut lines = vec![format!(
        "{} is restored: {}",
        folder.display(),
        described(manifest)
    )];
    if let Some(aside) = aside {
        lines.push(format!("What was there is in {}.", aside.display()));
    }
    if manifest.keys() == 0 {
        lines.push(
            "The backup has no keys. Unless they are configured or copied, the next start makes new ones, and access tokens and list cursors given out before are refused."
                .to_owned(),
        );
    }
    if !pending.is_empty() {
        lines.push(format!("The next start will apply {}.", pending.join(", ")));
    }
    lines.join("\n")
}

fn described(manifest: &Manifest) -> String {
    format!(
        "{} items, {} objects and {} keys, backed up {} by tintero {}",
        HumanCount(manifest.items()),
        HumanCount(manifest.objects() as u64),
        manifest.keys(),
        manifest.created_at(),
        manifest.version(),
    )
}
