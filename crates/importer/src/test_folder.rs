use std::fs;

use tempfile::TempDir;

use crate::folder::Folder;

/// Creates a temporary folder with these files.
pub(crate) fn test_folder(files: &[(&str, &str)]) -> (TempDir, Folder) {
    let dir = TempDir::new().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let folder = Folder::open(dir.path()).unwrap();
    (dir, folder)
}
