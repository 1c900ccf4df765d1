//! Lists the objects of a folder in the order of their digests.

use std::{fs, io, path::Path};

use tintero_domain::{
    images::{STORED_PAGE, StoredObject},
    values::Digest,
};

/// Lists at most [`STORED_PAGE`] objects after a digest. Ignores files whose names are no digests.
pub(super) fn list(root: &Path, after: Option<&Digest>) -> io::Result<Vec<StoredObject>> {
    let mut found = Vec::new();
    for prefix in names(root)? {
        let last = after.map(ToString::to_string).unwrap_or_default();
        if prefix.len() != 2 || !prefix.is_ascii() || last.get(..2) > Some(prefix.as_str()) {
            continue;
        }
        for rest in names(&root.join(&prefix))? {
            let name = format!("{prefix}{rest}");
            let Some(sha256) = name
                .parse::<Digest>()
                .ok()
                .filter(|it| it.to_string() == name)
            else {
                continue;
            };
            if after.is_some_and(|after| sha256 <= *after) {
                continue;
            }
            let Some(bytes) = length(&root.join(&prefix).join(&rest))? else {
                continue;
            };
            found.push(StoredObject { sha256, bytes });
            if found.len() == STORED_PAGE {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// The names in a folder, sorted. None if it was deleted or is a file.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

/// The length of a file; `None` if it was deleted or is a folder.
fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(file) => Ok(file.is_file().then_some(file.len())),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
