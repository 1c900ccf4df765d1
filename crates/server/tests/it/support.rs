//! Calls the binary in an empty folder, without the variables of whoever runs the tests.

use std::{
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// A folder in which the binary is called.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a call ended with.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A folder in which the tables have been made.
    pub(crate) fn with_data() -> Self {
        let place = Self::new();
        let made = place.tintero("migrate up", &[("TINTERO_LOG", "off")]);
        assert_eq!(made.code, 0, "{}", made.err);
        place
    }

    /// Puts a file among the images' bytes.
    pub(crate) fn write_object(&self, name: &str, text: &str) {
        let path = self.path().join("data/objects").join(name);
        let folder = path.parent().expect("it lies in a folder");
        std::fs::create_dir_all(folder).expect("the folder is writable");
        std::fs::write(path, text).expect("the folder is writable");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("the folder is writable");
    }

    /// `tintero` with `arguments`, separated by blanks, and these variables alone.
    pub(crate) fn command(&self, arguments: &str, variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tintero"));
        command
            .args(arguments.split_whitespace())
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(self.path());
        command
    }

    /// Calls it and waits for its end.
    pub(crate) fn tintero(&self, arguments: &str, variables: &[(&str, &str)]) -> Ended {
        let mut command = self.command(arguments, variables);
        Ended::from(command.output().expect("the binary is there"))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}
