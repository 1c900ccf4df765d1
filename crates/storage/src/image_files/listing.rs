//! Lists the files of a folder in the order of their names.

use std::{fs, io, path::Path, time::UNIX_EPOCH};

use tintero_domain::{
    images::{STORED_PAGE, StoredFile, StoredObject},
    values::{Digest, Timestamp},
};

/// Lists at most [`STORED_PAGE`] files with names after `after`, directly in a folder.
pub(super) fn flat(folder: &Path, after: Option<&str>) -> io::Result<Vec<StoredFile>> {
    let mut found = Vec::new();
    for name in names(folder)? {
        if after.is_some_and(|after| name.as_str() <= after) {
            continue;
        }
        found.extend(file(&folder.join(&name), name)?);
        if found.len() == STORED_PAGE {
            break;
        }
    }
    Ok(found)
}

/// Lists at most [`STORED_PAGE`] files `ab/cdef…` with names after `after`.
pub(super) fn nested(root: &Path, after: Option<&str>) -> io::Result<Vec<StoredFile>> {
    let mut found = Vec::new();
    for prefix in names(root)? {
        let is_prefix = prefix.len() == 2 && prefix.is_ascii();
        if !is_prefix || after.and_then(|after| after.get(..2)) > Some(prefix.as_str()) {
            continue;
        }
        for rest in names(&root.join(&prefix))? {
            let name = format!("{prefix}/{rest}");
            if after.is_some_and(|after| name.as_str() <= after) {
                continue;
            }
            found.extend(file(&root.join(&name), name)?);
            if found.len() == STORED_PAGE {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// Describes a file; `None` if it was deleted or is a folder.
fn file(path: &Path, name: String) -> io::Result<Option<StoredFile>> {
    let file = match fs::metadata(path) {
        Ok(file) if file.is_file() => file,
        Ok(_) => return Ok(None),
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let age = file.modified()?.duration_since(UNIX_EPOCH);
    let millis = age.ok().and_then(|age| i64::try_from(age.as_millis()).ok());
    Ok(Some(StoredFile {
        name,
        bytes: file.len(),
        stored_at: millis.map(Timestamp::from_millis),
    }))
}

/// Lists at most [`STORED_PAGE`] objects after a digest. Ignores files whose names are no digests.
pub(super) fn list(root: &Path, after: Option<&Digest>) -> io::Result<Vec<StoredObject>> {
    let mut after = after.map(Digest::stored_name);
    // A page without an object has only foreign files.
    loop {
        let files = nested(root, after.as_deref())?;
        let objects: Vec<_> = files.iter().filter_map(object).collect();
        after = files.last().map(|file| file.name.clone());
        if after.is_none() || !objects.is_empty() {
            return Ok(objects);
        }
    }
}

fn object(file: &StoredFile) -> Option<StoredObject> {
    Some(StoredObject {
        sha256: Digest::from_stored_name(&file.name)?,
        bytes: file.bytes,
    })
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

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
