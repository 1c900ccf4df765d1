//! Lists the keys and objects of a data folder.

use std::{fs, io, path::Path};

use anyhow::{Context, anyhow};

use super::{
    entry::{EntryPath, FileEntry},
    measure::{ByteProgress, measure_file},
};

/// Lists the files in `folder` of a data folder, sorted by path. Returns an empty list if the folder is
/// missing. Skips unfinished files, whose names start with a dot.
pub(super) fn list(data_dir: &Path, folder: &str) -> anyhow::Result<Vec<EntryPath>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let path = data_dir.join(&folder);
        for entry in entries(&path).with_context(|| unreadable(&path))? {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(foreign(&entry.path()));
            };
            if name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().with_context(|| unreadable(&path))?;
            let name = format!("{folder}/{name}");
            if kind.is_dir() {
                pending.push(name);
            } else if kind.is_file() {
                found.push(EntryPath::try_from(name).map_err(|_| foreign(&entry.path()))?);
            } else {
                return Err(foreign(&entry.path()));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn entries(path: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}

/// Measures every file in `paths`. Skips missing files: only unfinished files are ever deleted.
pub(super) fn measure(data_dir: &Path, paths: Vec<EntryPath>) -> anyhow::Result<Vec<FileEntry>> {
    let sizes = paths
        .iter()
        .filter_map(|path| fs::metadata(path.within(data_dir)).ok());
    let progress = ByteProgress::new("reading", sizes.map(|file| file.len()).sum());
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let file = path.within(data_dir);
        match measure_file(&file, &progress) {
            Ok((size, sha256)) => files.push(FileEntry { path, size, sha256 }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| unreadable(&file)),
        }
    }
    Ok(files)
}

fn unreadable(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

fn foreign(path: &Path) -> anyhow::Error {
    anyhow!(
        "{} does not belong to Tintero; move it out of the data folder",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let paths = list(folder, "objects").unwrap();
        paths.into_iter().map(String::from).collect()
    }

    #[test]
    fn files_are_sorted_by_path_and_unfinished_ones_are_skipped() {
        let data = tempfile::tempdir().unwrap();
        assert!(names(data.path()).is_empty());
        fs::create_dir_all(data.path().join("objects/9f/.drafts")).unwrap();
        fs::create_dir_all(data.path().join("objects/9e")).unwrap();
        let [one, two] = ["1f".repeat(31), "2f".repeat(31)];
        let stored = [
            format!("objects/9e/{two}"),
            format!("objects/9f/{one}"),
            format!("objects/9f/{two}"),
        ];
        let unfinished = ["objects/.tmp", "objects/9f/.drafts/3"].map(str::to_owned);
        for name in stored.iter().rev().chain(&unfinished) {
            fs::write(data.path().join(name), name).unwrap();
        }
        assert_eq!(names(data.path()), stored);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_rejected() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("objects")).unwrap();
        std::os::unix::fs::symlink("/etc/hosts", data.path().join("objects/a")).unwrap();
        let error = list(data.path(), "objects").unwrap_err().to_string();
        assert!(
            error.contains("objects/a does not belong to Tintero"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_was_deleted_after_listing_is_skipped() {
        let data = tempfile::tempdir().unwrap();
        let gone = EntryPath::try_from("keys/cursor-0001.key".to_owned()).unwrap();
        assert!(measure(data.path(), vec![gone]).unwrap().is_empty());
    }
}
