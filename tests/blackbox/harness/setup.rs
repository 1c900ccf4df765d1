//! Starts processes with an explicit environment.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use tempfile::TempDir;

use super::{Server, binary, database};

/// Whether every server runs as a Lambda function behind a front.
static RUNS_AS_FUNCTION: LazyLock<bool> = LazyLock::new(runs_as_function);

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but their environment"
)]
fn runs_as_function() -> bool {
    std::env::var("TINTERO_TEST_LAMBDA").is_ok()
}

/// The first administrator of every server.
pub(crate) const ADMINISTRATOR: (&str, &str) = ("ana@example.org", "correct horse battery");

/// Environment and working folder of a process.
#[derive(Clone)]
pub(crate) struct Setup {
    variables: BTreeMap<String, String>,
    folder: std::sync::Arc<TempDir>,
}

impl Setup {
    /// An empty database: in memory, or on the server that the environment names.
    pub(crate) fn memory() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let setup = Self {
            variables: BTreeMap::new(),
            folder: folder.into(),
        };
        database::fresh(setup)
            .with("TINTERO_LISTEN", "127.0.0.1:0")
            .with("TINTERO_LOG_FORMAT", "json")
            .with("TINTERO_COST_HEADER", "true")
            .with("TINTERO_ADMIN_EMAIL", ADMINISTRATOR.0)
            .with("TINTERO_ADMIN_PASSWORD", ADMINISTRATOR.1)
    }

    /// A database in a data folder that is removed with the setup. The issuer is fixed, because
    /// each start listens on another port and tokens must outlive a restart.
    pub(crate) fn embedded() -> Self {
        let setup =
            database::kept(Self::memory()).with("TINTERO_ISSUER", "https://tintero.example.org");
        let data = setup.folder().join("data");
        setup.keeping_data_in(&data)
    }

    /// Sets the data folder.
    pub(crate) fn keeping_data_in(self, folder: &Path) -> Self {
        self.with("TINTERO_DATA_DIR", &folder.display().to_string())
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Working folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Data folder.
    pub(crate) fn data(&self) -> PathBuf {
        PathBuf::from(&self.variables["TINTERO_DATA_DIR"])
    }

    /// Builds a command of the binary.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.call_of(binary::path().as_os_str().to_str().unwrap(), arguments)
    }

    /// Builds a command of another program in the same environment.
    pub(crate) fn call_of(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        tokio::task::block_in_place(|| self.command(arguments).output().unwrap())
    }

    /// Runs a command to its end, with this standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let talk = || {
            let mut child = self
                .command(arguments)
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().expect("standard input is a pipe");
            stdin.write_all(input.as_bytes()).unwrap();
            drop(stdin);
            child.wait_with_output().unwrap()
        };
        tokio::task::block_in_place(talk)
    }

    /// Starts a server and waits until it listens.
    pub(crate) fn start(&self) -> Server {
        if database::is_remote() {
            // A server does not create the tables on AWS.
            let output = self.run(&["migrate", "up"]);
            assert!(output.status.success(), "{output:?}");
        }
        if *RUNS_AS_FUNCTION {
            return self.start_function();
        }
        Server::start(self, self.command(&["serve"]))
    }

    /// Starts a Lambda function and waits until it is ready.
    pub(crate) fn start_function(&self) -> Server {
        Server::start_function(self, self.command(&[]))
    }
}
