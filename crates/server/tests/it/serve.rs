#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::{http::HttpClient, support::Workspace};

/// A running server process.
pub(crate) struct Server {
    process: Child,
    log: BufReader<ChildStderr>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(workspace: &Workspace, variables: &[(&str, &str)]) -> Self {
        let mut command = workspace.command("serve", variables);
        command
            .env("TINTERO_LISTEN", "127.0.0.1:0")
            .env("TINTERO_LOG_FORMAT", "json");
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary exists");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains("\"message\":\"listening\"") {
            line.clear();
            assert_ne!(
                log.read_line(&mut line).expect("UTF-8"),
                0,
                "the server exited before listening"
            );
        }
        let event: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let address = event["address"].as_str().expect("text").to_owned();
        Self {
            process,
            log,
            address,
        }
    }

    /// Sends SIGTERM. Returns the exit code, the rest of the log and standard output.
    pub(crate) fn stop(mut self) -> (i32, String, String) {
        let pid = self.process.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(killed.expect("kill exists").success());
        let (mut log, mut out) = (String::new(), String::new());
        self.log.read_to_string(&mut log).expect("UTF-8");
        let mut stdout = self.process.stdout.take().expect("it is piped");
        stdout.read_to_string(&mut out).expect("UTF-8");
        let status = self.process.wait().expect("the process is a child");
        (status.code().expect("the process exits"), log, out)
    }
}

#[test]
fn sigterm_stops_the_server_and_the_generated_password_is_printed_once() {
    let workspace = Workspace::new();
    let first = Server::start(&workspace, &[]);
    let (code, log, out) = first.stop();
    assert_eq!(code, 0);
    assert!(log.contains("\"message\":\"stopped\""), "{log}");
    assert!(
        out.contains("e-mail    admin@localhost") && !log.contains("admin@localhost"),
        "{out}"
    );

    let (code, _, out) = Server::start(&workspace, &[]).stop();
    assert_eq!(code, 0);
    assert!(
        out.contains("/docs") && !out.contains("password"),
        "the second start creates no administrator: {out}"
    );
}

#[test]
fn a_second_server_is_rejected_and_other_commands_run() {
    let workspace = Workspace::new();
    let variables = [("TINTERO_ADMIN_PASSWORD", "correct horse battery")];
    let server = Server::start(&workspace, &variables);
    let second = workspace.run("serve", &[("TINTERO_LISTEN", "127.0.0.1:0")]);
    second.failure(2, &format!("listening on {}", server.address));

    let listen = ("TINTERO_LISTEN", server.address.as_str());
    workspace.run("healthcheck", &[listen]).success();
    let reset = workspace.succeeds("users reset-password admin@localhost");
    assert_eq!(reset.out.trim().len(), 24, "{}", reset.out);
    let message = "tintero: cannot change the password of unknown@example.org: user not found";
    workspace.fails("users reset-password unknown@example.org", 1, message);

    let (code, _, out) = server.stop();
    assert_eq!(code, 0);
    assert!(!out.contains("password"), "{out}");
}

#[test]
fn upload_max_bytes_limits_uploads() {
    let workspace = Workspace::new();
    let password = "correct horse battery";
    let variables = [
        ("TINTERO_ADMIN_PASSWORD", password),
        ("TINTERO_UPLOAD_MAX_BYTES", "1000"),
    ];
    let server = Server::start(&workspace, &variables);
    let client = HttpClient::anonymous(&server.address).signed_in("admin@localhost", password);
    let upload = |size: usize| {
        let headers = "content-type: multipart/form-data; boundary=x\r\n";
        let part = "content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        let body = format!("--x\r\n{part}{}\r\n--x--\r\n", "a".repeat(size));
        client.post("/v1/images", headers, &body)
    };
    let rejected = upload(1000);
    assert_eq!(rejected.status, 413, "{rejected:?}");
    assert_eq!(rejected.json()["max_bytes"], 1000);
    assert_ne!(upload(10).status, 413);
    drop(server.stop());
}

#[test]
fn migrate_plans_applies_lists_and_verifies_the_tables() {
    let workspace = Workspace::new();
    for (command, expected) in [
        ("plan", "0001"),
        ("up", "0001"),
        ("status", "done"),
        ("verify", "as declared"),
        ("unlock", "The lock was not held"),
    ] {
        let finished = workspace.succeeds(&format!("migrate {command}"));
        finished.prints(expected);
    }
    let json = workspace.succeeds("migrate status --json").out;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert!(!rows.is_empty(), "{json}");
}
