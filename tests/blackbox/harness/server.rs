//! A running server.

use std::{
    process::{Child, Command, ExitStatus},
    sync::{Mutex, MutexGuard},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::sync::OnceCell;

use super::{ADMINISTRATOR, Client, Log, Setup, lambda::Function};

/// A listening process, killed on drop.
pub(crate) struct Server {
    process: Mutex<Child>,
    address: String,
    log: Log,
    output: Log,
    token: OnceCell<String>,
    /// Passes requests on to the process, if it runs as a Lambda function.
    function: Option<Function>,
    // Last field, so that the folder is dropped after the process.
    _setup: Setup,
}

impl Server {
    /// Starts `command` and waits until it listens.
    pub(crate) fn start(setup: &Setup, mut command: Command) -> Self {
        let mut process = command.spawn().expect("the binary can be started");
        let log = Log::follow(process.stderr.take().expect("standard error is a pipe"));
        let output = Log::follow(process.stdout.take().expect("standard output is a pipe"));
        let listening = log.wait_for(|line| line["message"] == "listening");
        let Some(listening) = listening else {
            panic!("the server ended at once:\n{}", log.text());
        };
        let address = listening["address"]
            .as_str()
            .expect("the line names the address");
        Self {
            address: address.to_owned(),
            process: Mutex::new(process),
            log,
            output,
            token: OnceCell::new(),
            function: None,
            _setup: setup.clone(),
        }
    }

    /// Starts `command` as a Lambda function and waits until it is ready.
    pub(crate) fn start_function(setup: &Setup, mut command: Command) -> Self {
        let function = Function::start();
        let mut process = command
            .envs(function.variables())
            .spawn()
            .expect("the binary can be started");
        let log = Log::follow(process.stderr.take().expect("standard error is a pipe"));
        let output = Log::follow(process.stdout.take().expect("standard output is a pipe"));
        let ready = log.wait_for(|line| line["message"] == "ready");
        assert!(
            ready.is_some(),
            "the function ended at once:\n{}",
            log.text()
        );
        Self {
            address: function.address().to_string(),
            process: Mutex::new(process),
            log,
            output,
            token: OnceCell::new(),
            function: Some(function),
            _setup: setup.clone(),
        }
    }

    /// The function that this process runs as.
    pub(crate) fn function(&self) -> &Function {
        self.function
            .as_ref()
            .expect("the process runs as a Lambda function")
    }

    /// `127.0.0.1:<port>`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Base URL of the API.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Standard error so far.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Standard output so far.
    pub(crate) fn output(&self) -> &Log {
        &self.output
    }

    /// A client without a token.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.url(), None)
    }

    /// A client with `token`.
    pub(crate) fn holder_of(&self, token: &str) -> Client {
        Client::new(self.url(), Some(token.to_owned()))
    }

    /// Signs in.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Client {
        let credentials = json!({ "email": email, "password": password });
        let answer = self
            .anonymous()
            .post("/v1/auth/login")
            .json(&credentials)
            .send()
            .await;
        let tokens = answer.is(200).json();
        self.holder_of(tokens["access_token"].as_str().unwrap())
    }

    /// The first administrator's client. Signs in once.
    pub(crate) async fn administrator(&self) -> Client {
        let (email, password) = ADMINISTRATOR;
        let sign_in = async || self.sign_in(email, password).await.token().to_owned();
        self.holder_of(self.token.get_or_init(sign_in).await)
    }

    /// Kills the process, like a power cut.
    pub(crate) fn kill(&self) {
        let mut process = self.process();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Waits until the process ends.
    pub(crate) fn ended(&self) -> ExitStatus {
        tokio::task::block_in_place(|| self.process().wait().unwrap())
    }

    /// Sends SIGTERM and waits until the process ends.
    pub(crate) fn stop(&self) -> ExitStatus {
        self.terminate();
        self.ended()
    }

    /// Process id.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.process())
    }

    fn process(&self) -> MutexGuard<'_, Child> {
        self.process.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(process) = self.process.get_mut() {
            // The process may have ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
