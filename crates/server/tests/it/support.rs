//! Runs the binary in an empty folder with a clean environment.

use std::{
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// A temporary working folder for the binary.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// The result of a run.
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Creates a folder with a migrated database.
    pub(crate) fn with_data() -> Self {
        let workspace = Self::new();
        let migrated = workspace.tintero("migrate up", &[("TINTERO_LOG", "off")]);
        assert_eq!(migrated.code, 0, "{}", migrated.err);
        workspace
    }

    /// Writes a file into the folder of objects.
    pub(crate) fn write_object(&self, name: &str, text: &str) {
        let path = self.path().join("data/objects").join(name);
        let folder = path.parent().expect("the path has a parent");
        std::fs::create_dir_all(folder).expect("the folder is writable");
        std::fs::write(path, text).expect("the folder is writable");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("the folder is writable");
    }

    /// Creates a command with `arguments`, separated by spaces, and exactly these variables.
    pub(crate) fn command(&self, arguments: &str, variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tintero"));
        command
            .args(arguments.split_whitespace())
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(self.path());
        command
    }

    /// Runs the binary and waits for it.
    pub(crate) fn tintero(&self, arguments: &str, variables: &[(&str, &str)]) -> Finished {
        let mut command = self.command(arguments, variables);
        Finished::from(command.output().expect("the binary exists"))
    }
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}
