//! Export files of WordPress (WXR) and Ghost (JSON). Each is converted to a temporary folder in Jekyll's
//! format, which is then imported like any other.

mod ghost;
mod paragraphs;
mod site_writer;
mod wordpress;

use std::{fs::File, io::BufReader, path::Path};

use tempfile::TempDir;

use crate::error::ImportError;
use site_writer::SiteWriter;

/// Converts an export file. The folder is removed when it is dropped.
pub(crate) fn convert(file: &Path) -> Result<TempDir, ImportError> {
    let error =
        |why: &dyn std::fmt::Display| ImportError::new(format!("{}: {why}", file.display()));
    let extension = file.extension().and_then(|extension| extension.to_str());
    let folder = TempDir::with_prefix("tintero-import-").map_err(|cause| error(&cause))?;
    let open = || {
        File::open(file)
            .map(BufReader::new)
            .map_err(|cause| error(&cause))
    };
    let writer = SiteWriter::new(folder.path());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("xml") => {
            wordpress::convert(open()?, &writer).map_err(|cause| error(&cause))?;
            link_images(
                file,
                &writer,
                &["wp-content/uploads", "uploads"],
                "wp-content/uploads",
            )
        }
        Some("json") => {
            ghost::convert(open()?, &writer).map_err(|cause| error(&cause))?;
            link_images(
                file,
                &writer,
                &["content/images", "images"],
                "content/images",
            )
        }
        _ => {
            return Err(error(
                &"is neither a folder nor an export of WordPress (.xml) or Ghost (.json)",
            ));
        }
    }
    .map_err(|cause| error(&cause))?;
    Ok(folder)
}

/// Links the images that lie beside the export file, at the path that posts use.
fn link_images(
    file: &Path,
    writer: &SiteWriter<'_>,
    folders: &[&str],
    target: &str,
) -> std::io::Result<()> {
    let parent = file.parent().unwrap_or(Path::new("."));
    let found = folders.iter().map(|folder| parent.join(folder));
    match found.into_iter().find(|folder| folder.is_dir()) {
        Some(folder) => writer.link_folder(&folder, target),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
