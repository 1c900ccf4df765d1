//! The command-line arguments of an export.

use std::path::PathBuf;

use tintero_markdown::generator::Generator;

use crate::args::ServerArgs;

/// Arguments of `tintero export`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportArgs {
    /// Folder to write; it must be empty, unless --overwrite is given
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Server and token
    #[command(flatten)]
    pub server: ServerArgs,
    /// Format of posts that were not imported from a site of this generator
    #[arg(long, value_name = "FORMAT", default_value = "jekyll")]
    pub format: SiteFormat,
    /// Write into a folder that is not empty; files of the same names are replaced
    #[arg(long)]
    pub overwrite: bool,
    /// Leave out the files of images
    #[arg(long)]
    pub no_images: bool,
}

/// The formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SiteFormat {
    /// Files in `_posts` and `_drafts` with front matter in YAML
    Jekyll,
    /// Files in `content/posts` with front matter in YAML
    Hugo,
    /// Files in `content/blog` with front matter in TOML
    Zola,
    /// One JSON file for each post, with all fields
    Json,
}

impl SiteFormat {
    /// The generator that reads the files. JSON is for programs.
    pub(super) fn generator(self) -> Option<Generator> {
        match self {
            Self::Jekyll => Some(Generator::Jekyll),
            Self::Hugo => Some(Generator::Hugo),
            Self::Zola => Some(Generator::Zola),
            Self::Json => None,
        }
    }
}
