//! Which files of a data folder go into a backup beside the database.

use std::{fs, io, path::Path};

use anyhow::{Context, anyhow};

use super::{
    entry::{EntryPath, FileEntry},
    measure,
    progress::Progress,
};

/// The files below `folder` of a data folder, by path. A folder that is not there has none, and
/// names that begin with a dot are drafts.
pub(super) fn list(data_dir: &Path, folder: &str) -> anyhow::Result<Vec<EntryPath>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
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
                open.push(name);
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

/// Measures every file of `paths`. One that is gone was a draft: nothing that was kept is removed.
pub(super) fn measure(data_dir: &Path, paths: Vec<EntryPath>) -> anyhow::Result<Vec<FileEntry>> {
    let sizes = paths
        .iter()
        .filter_map(|path| fs::metadata(path.within(data_dir)).ok());
    let progress = Progress::new("reading", sizes.map(|file| file.len()).sum());
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let place = path.within(data_dir);
        match measure::file(&place, &progress) {
            Ok((size, sha256)) => files.push(FileEntry { path, size, sha256 }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| unreadable(&place)),
        }
    }
    Ok(files)
}

fn unreadable(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

fn foreign(path: &Path) -> anyhow::Error {
    anyhow!(
        "{} is no file of Tintero's; move it out of the data folder",
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
    fn files_are_listed_by_path_and_drafts_are_left_out() {
        let data = tempfile::tempdir().unwrap();
        assert!(names(data.path()).is_empty());
        fs::create_dir_all(data.path().join("objects/b/.drafts")).unwrap();
        for name in ["b/2", "b/1", "b.1", ".tmp", "b/.drafts/3"] {
            fs::write(data.path().join("objects").join(name), name).unwrap();
        }
        assert_eq!(
            names(data.path()),
            ["objects/b.1", "objects/b/1", "objects/b/2"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("objects")).unwrap();
        std::os::unix::fs::symlink("/etc/hosts", data.path().join("objects/a")).unwrap();
        let error = list(data.path(), "objects").unwrap_err().to_string();
        assert!(
            error.contains("objects/a is no file of Tintero's"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_is_gone_when_it_is_read_was_a_draft() {
        let data = tempfile::tempdir().unwrap();
        let gone = EntryPath::try_from("objects/a".to_owned()).unwrap();
        assert!(measure(data.path(), vec![gone]).unwrap().is_empty());
    }
}
