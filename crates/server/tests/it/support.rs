//! Runs the binary in an empty folder with a clean environment.

use std::{path::Path, process::Command};

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
        workspace.succeeds("migrate up");
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

    /// Runs the binary without logging.
    pub(crate) fn run(&self, arguments: &str, variables: &[(&str, &str)]) -> Finished {
        let mut command = self.command(arguments, variables);
        let output = command.env("TINTERO_LOG", "off").output();
        let output = output.expect("the binary exists");
        Finished {
            code: output.status.code().expect("the process exited"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs the binary without variables and asserts exit code 0.
    pub(crate) fn succeeds(&self, arguments: &str) -> Finished {
        self.run(arguments, &[]).success()
    }

    /// Runs the binary without variables and asserts an exit code and a part of the error message.
    pub(crate) fn fails(&self, arguments: &str, code: i32, message: &str) {
        self.run(arguments, &[]).failure(code, message);
    }
}

impl Finished {
    /// Asserts exit code 0.
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.err);
        self
    }

    /// Asserts an exit code and a part of standard error, and that standard output is empty.
    pub(crate) fn failure(&self, code: i32, message: &str) {
        let Self { out, err, .. } = self;
        assert_eq!((self.code, out.as_str()), (code, ""), "{err}");
        assert!(err.contains(message), "expected {message:?} in: {err}");
    }

    /// Asserts a part of standard output.
    pub(crate) fn prints(&self, text: &str) {
        assert!(
            self.out.contains(text),
            "expected {text:?} in: {}",
            self.out
        );
    }
}
