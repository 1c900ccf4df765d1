//! The folder `keys` in the data folder: one file per key, for its owner's eyes only.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::KeyError;
use crate::private;

/// Its name in the data folder.
pub(crate) const KEYS: &str = "keys";

/// Keys of one purpose share a form of file name: `signing-0001.pem`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    prefix: &'static str,
    suffix: &'static str,
}

impl Kind {
    pub(super) const SIGNING: Self = Self {
        prefix: "signing-",
        suffix: ".pem",
    };
    pub(super) const CURSOR: Self = Self {
        prefix: "cursor-",
        suffix: ".key",
    };

    fn name(self, number: u32) -> String {
        format!("{}{number:04}{}", self.prefix, self.suffix)
    }

    fn number(self, name: &str) -> Option<u32> {
        name.strip_prefix(self.prefix)?
            .strip_suffix(self.suffix)?
            .parse()
            .ok()
    }
}

/// One key as its file holds it.
pub(super) struct KeyFile {
    pub(super) path: PathBuf,
    pub(super) text: Zeroizing<String>,
}

/// The folder, known to be closed to others.
pub(super) struct KeyFolder(PathBuf);

impl KeyFolder {
    /// Opens `keys` in `data_dir`; both are made where they are missing.
    pub(super) fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join(KEYS);
        fs::create_dir_all(data_dir).map_err(|error| KeyError::io(data_dir, error))?;
        match private::create_folder(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(KeyError::io(&path, error));
            }
            Ok(()) | Err(_) => {}
        }
        refuse_exposed(&path, 0o700)?;
        Ok(Self(path))
    }

    /// The keys of one kind, the newest first; makes the first one where there is none.
    pub(super) fn read_or_create(
        &self,
        kind: Kind,
        make: impl FnOnce() -> Result<Zeroizing<String>, KeyError>,
    ) -> Result<Vec<KeyFile>, KeyError> {
        let mut files = self.read(kind)?;
        if files.is_empty() {
            self.write(&kind.name(1), &make()?)?;
            files = self.read(kind)?;
        }
        Ok(files)
    }

    /// Adds a key that is newer than the others of its kind.
    pub(super) fn add(&self, kind: Kind, text: &str) -> Result<(), KeyError> {
        let newest = self.numbers(kind)?.first().copied().unwrap_or(0);
        self.write(&kind.name(newest + 1), text)
    }

    fn read(&self, kind: Kind) -> Result<Vec<KeyFile>, KeyError> {
        let read = |number: u32| {
            let path = self.0.join(kind.name(number));
            refuse_exposed_file(&path)?;
            let text = fs::read_to_string(&path).map_err(|error| KeyError::io(&path, error))?;
            Ok(KeyFile {
                path,
                text: Zeroizing::new(text),
            })
        };
        self.numbers(kind)?.into_iter().map(read).collect()
    }

    /// The numbers of the files of one kind, the highest first.
    fn numbers(&self, kind: Kind) -> Result<Vec<u32>, KeyError> {
        let names = || -> io::Result<Vec<_>> {
            fs::read_dir(&self.0)?
                .map(|entry| Ok(entry?.file_name()))
                .collect()
        };
        let names = names().map_err(|error| KeyError::io(&self.0, error))?;
        let mut numbers: Vec<u32> = names
            .iter()
            .filter_map(|name| kind.number(name.to_str()?))
            .collect();
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        Ok(numbers)
    }

    /// Writes a whole key or nothing: a crash leaves at most a temporary file behind.
    ///
    /// When another process wrote `name` first, its key stays and this one is dropped.
    fn write(&self, name: &str, text: &str) -> Result<(), KeyError> {
        let path = self.0.join(name);
        let write = || -> io::Result<()> {
            // Temporary files are made with mode 0600.
            let mut file = NamedTempFile::new_in(&self.0)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&path) {
                Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error.error);
                }
                Ok(_) | Err(_) => {}
            }
            private::sync_folder(&self.0)
        };
        write().map_err(|error| KeyError::io(&path, error))
    }
}

/// Refuses a key file that others than its owner may read or change.
pub(super) fn refuse_exposed_file(path: &Path) -> Result<(), KeyError> {
    refuse_exposed(path, 0o600)
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, wanted: u32) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(path).map_err(|error| KeyError::io(path, error))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed {
            path: path.to_owned(),
            mode,
            wanted,
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(path: &Path, _wanted: u32) -> Result<(), KeyError> {
    fs::metadata(path)
        .map(drop)
        .map_err(|error| KeyError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::{
        CursorKeys, SigningKey, SigningKeys, rotate_cursor_key, rotate_signing_key,
    };

    fn folder() -> (tempfile::TempDir, KeyFolder) {
        let data = tempfile::tempdir().unwrap();
        let folder = KeyFolder::open(data.path()).unwrap();
        (data, folder)
    }

    #[test]
    fn keys_are_made_once_and_found_again() {
        let (_data, folder) = folder();
        let first = SigningKeys::in_folder(&folder).unwrap();
        let second = SigningKeys::in_folder(&folder).unwrap();
        assert_eq!(first.current().kid(), second.current().kid());
        let cursors = CursorKeys::in_folder(&folder).unwrap();
        assert_eq!(
            cursors.current.bytes(),
            CursorKeys::in_folder(&folder).unwrap().current.bytes()
        );
    }

    #[test]
    fn a_rotated_key_works_first_and_the_old_one_goes_on_working() {
        let (data, folder) = folder();
        let old = SigningKeys::in_folder(&folder).unwrap();
        let new = rotate_signing_key(data.path()).unwrap();
        let keys = SigningKeys::in_folder(&folder).unwrap();
        assert_eq!(
            keys.iter().map(SigningKey::kid).collect::<Vec<_>>(),
            [new.kid(), old.current().kid()]
        );

        let old = CursorKeys::in_folder(&folder).unwrap();
        rotate_cursor_key(data.path()).unwrap();
        let cursors = CursorKeys::in_folder(&folder).unwrap();
        assert_eq!(cursors.previous.unwrap().bytes(), old.current.bytes());
    }

    #[test]
    fn what_a_crash_left_behind_is_not_taken_for_a_key() {
        let (_data, folder) = folder();
        fs::write(folder.0.join(".tmpA1b2C3"), "half a k").unwrap();
        fs::write(folder.0.join("signing-.pem"), "x").unwrap();
        assert!(folder.read(Kind::SIGNING).unwrap().is_empty());
    }

    #[test]
    fn the_first_writer_of_a_name_wins() {
        let (_data, folder) = folder();
        folder.write("cursor-0001.key", "first").unwrap();
        folder.write("cursor-0001.key", "second").unwrap();
        assert_eq!(*folder.read(Kind::CURSOR).unwrap()[0].text, "first");
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folder_are_private_and_exposed_ones_are_refused() {
        use std::os::unix::fs::PermissionsExt;

        let (data, folder) = folder();
        SigningKeys::in_folder(&folder).unwrap();
        let file = folder.0.join("signing-0001.pem");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.0), mode(&file)), (0o700, 0o600));

        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = SigningKeys::in_folder(&folder).unwrap_err().to_string();
        assert!(error.contains("(mode 0644); run: chmod 600 "), "{error}");

        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(KeyFolder::open(data.path()).is_err());
    }
}
