//! The folder `keys` in the data folder, with one file per key.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::KeyError;
use crate::private_fs;

/// Name of the folder in the data folder.
pub(crate) const KEYS: &str = "keys";

/// A kind of keys with its pattern of file names, such as `signing-0001.pem`.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyKind {
    prefix: &'static str,
    suffix: &'static str,
}

impl KeyKind {
    pub(super) const SIGNING: Self = Self {
        prefix: "signing-",
        suffix: ".pem",
    };
    pub(super) const CURSOR: Self = Self {
        prefix: "cursor-",
        suffix: ".key",
    };

    pub(super) const SECRET: Self = Self {
        prefix: "secret-",
        suffix: ".key",
    };
    const ALL: [Self; 3] = [Self::SIGNING, Self::CURSOR, Self::SECRET];

    fn file_name(self, number: u32) -> String {
        format!("{}{number:04}{}", self.prefix, self.suffix)
    }

    fn number(self, name: &str) -> Option<u32> {
        name.strip_prefix(self.prefix)?
            .strip_suffix(self.suffix)?
            .parse()
            .ok()
    }
}

/// Whether `name` is the name of a key file.
pub(crate) fn is_key_file(name: &str) -> bool {
    KeyKind::ALL.into_iter().any(|kind| {
        kind.number(name)
            .is_some_and(|number| kind.file_name(number) == name)
    })
}

/// The content of a key file.
pub(super) struct KeyFile {
    pub(super) path: PathBuf,
    pub(super) text: Zeroizing<String>,
}

/// The folder, with checked permissions.
pub(super) struct KeyFolder(PathBuf);

impl KeyFolder {
    /// Opens `keys` in `data_dir` and creates missing folders.
    pub(super) fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join(KEYS);
        private_fs::private_folder(data_dir).map_err(|error| KeyError::io(data_dir, error))?;
        private_fs::ensure_folder(&path).map_err(|error| KeyError::io(&path, error))?;
        check_mode(&path, 0o700)?;
        Ok(Self(path))
    }

    /// Returns the keys of one kind, newest first. Creates the first key if there is none.
    pub(super) fn read_or_create(
        &self,
        kind: KeyKind,
        create: impl FnOnce() -> Result<Zeroizing<String>, KeyError>,
    ) -> Result<Vec<KeyFile>, KeyError> {
        let mut files = self.read(kind)?;
        if files.is_empty() {
            self.write(&kind.file_name(1), &create()?)?;
            files = self.read(kind)?;
        }
        Ok(files)
    }

    /// Adds the newest key of its kind.
    pub(super) fn add(&self, kind: KeyKind, text: &str) -> Result<(), KeyError> {
        let newest = self.numbers(kind)?.first().copied().unwrap_or(0);
        self.write(&kind.file_name(newest + 1), text)
    }

    fn read(&self, kind: KeyKind) -> Result<Vec<KeyFile>, KeyError> {
        let read = |number: u32| {
            let path = self.0.join(kind.file_name(number));
            check_file_mode(&path)?;
            let text = fs::read_to_string(&path).map_err(|error| KeyError::io(&path, error))?;
            Ok(KeyFile {
                path,
                text: Zeroizing::new(text),
            })
        };
        self.numbers(kind)?.into_iter().map(read).collect()
    }

    /// Returns the numbers of the files of one kind, highest first.
    fn numbers(&self, kind: KeyKind) -> Result<Vec<u32>, KeyError> {
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

    /// Writes a key atomically. A crash leaves at most a temporary file.
    ///
    /// If another process wrote `name` first, its key is kept and this one is discarded.
    fn write(&self, name: &str, text: &str) -> Result<(), KeyError> {
        let path = self.0.join(name);
        let write = || -> io::Result<()> {
            // Temporary files have mode 0600.
            let mut file = NamedTempFile::new_in(&self.0)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&path) {
                Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error.error);
                }
                Ok(_) | Err(_) => {}
            }
            private_fs::sync_folder(&self.0)
        };
        write().map_err(|error| KeyError::io(&path, error))
    }
}

/// Fails if other users can access a key file.
pub(super) fn check_file_mode(path: &Path) -> Result<(), KeyError> {
    check_mode(path, 0o600)
}

#[cfg(unix)]
fn check_mode(path: &Path, required: u32) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(path).map_err(|error| KeyError::io(path, error))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed {
            path: path.to_owned(),
            mode,
            required,
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(path: &Path, _required: u32) -> Result<(), KeyError> {
    fs::metadata(path)
        .map(drop)
        .map_err(|error| KeyError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::{
        SigningKeyPair, SigningKeys, rotate_cursor_key, rotate_signing_key, symmetric_keys,
    };

    fn folder() -> (tempfile::TempDir, KeyFolder) {
        let data = tempfile::tempdir().unwrap();
        let folder = KeyFolder::open(data.path()).unwrap();
        (data, folder)
    }

    #[test]
    fn keys_are_generated_once() {
        let (_data, folder) = folder();
        let first = SigningKeys::from_folder(&folder).unwrap();
        let second = SigningKeys::from_folder(&folder).unwrap();
        assert_eq!(first.current().kid(), second.current().kid());
        let cursors = symmetric_keys::cursors_from_folder(&folder).unwrap();
        assert_eq!(
            cursors.current.bytes(),
            symmetric_keys::cursors_from_folder(&folder)
                .unwrap()
                .current
                .bytes()
        );
    }

    #[test]
    fn a_rotated_key_becomes_current_and_the_old_key_stays_valid() {
        let (data, folder) = folder();
        let old = SigningKeys::from_folder(&folder).unwrap();
        let new = rotate_signing_key(data.path()).unwrap();
        let keys = SigningKeys::from_folder(&folder).unwrap();
        assert_eq!(
            keys.iter().map(SigningKeyPair::kid).collect::<Vec<_>>(),
            [new.kid(), old.current().kid()]
        );

        let old = symmetric_keys::cursors_from_folder(&folder).unwrap();
        rotate_cursor_key(data.path()).unwrap();
        let cursors = symmetric_keys::cursors_from_folder(&folder).unwrap();
        assert_eq!(cursors.previous.unwrap().bytes(), old.current.bytes());
    }

    #[test]
    fn temporary_files_are_ignored() {
        let (_data, folder) = folder();
        fs::write(folder.0.join(".tmpA1b2C3"), "half a k").unwrap();
        fs::write(folder.0.join("signing-.pem"), "x").unwrap();
        assert!(folder.read(KeyKind::SIGNING).unwrap().is_empty());
    }

    #[test]
    fn the_first_key_with_a_name_is_kept() {
        let (_data, folder) = folder();
        folder.write("cursor-0001.key", "first").unwrap();
        folder.write("cursor-0001.key", "second").unwrap();
        assert_eq!(*folder.read(KeyKind::CURSOR).unwrap()[0].text, "first");
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_that_other_users_can_access_are_rejected() {
        use std::os::unix::fs::PermissionsExt;

        let (data, folder) = folder();
        SigningKeys::from_folder(&folder).unwrap();
        let file = folder.0.join("signing-0001.pem");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.0), mode(&file)), (0o700, 0o600));

        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = SigningKeys::from_folder(&folder).unwrap_err().to_string();
        assert!(error.contains("(mode 0644); run: chmod 600 "), "{error}");

        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(KeyFolder::open(data.path()).is_err());
    }
}
