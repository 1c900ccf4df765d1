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
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .expect("kill exists")
                .success()
        );
        let (mut log, mut out) = (String::new(), String::new());
        self.log.read_to_string(&mut log).expect("UTF-8");
        self.process
            .stdout
            .take()
            .expect("it is piped")
            .read_to_string(&mut out)
            .expect("UTF-8");
        (
            self.process
                .wait()
                .expect("the process is a child")
                .code()
                .expect("the process exits"),
            log,
            out,
        )
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
    let server = Server::start(
        &workspace,
        &[("TINTERO_ADMIN_PASSWORD", "correct horse battery")],
    );
    let second = workspace.tintero("serve", &[("TINTERO_LISTEN", "127.0.0.1:0")]);
    assert_eq!(second.code, 2);
    assert!(
        second
            .err
            .contains(&format!("listening on {}", server.address)),
        "{}",
        second.err
    );

    let ready = workspace.tintero("healthcheck", &[("TINTERO_LISTEN", &server.address)]);
    assert_eq!(ready.code, 0, "{}", ready.err);
    let reset = workspace.tintero(
        "users reset-password admin@localhost",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (reset.code, reset.out.trim().len()),
        (0, 24),
        "{}",
        reset.err
    );
    let unknown = workspace.tintero(
        "users reset-password unknown@example.org",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (unknown.code, unknown.err.trim()),
        (
            1,
            "tintero: cannot change the password of unknown@example.org: user not found"
        )
    );

    let (code, _, out) = server.stop();
    assert_eq!(code, 0);
    assert!(
        !out.contains("password"),
        "a configured password is not printed: {out}"
    );
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
        let finished = workspace.tintero(&format!("migrate {command}"), &[]);
        assert_eq!(finished.code, 0, "{command}: {}", finished.err);
        assert!(
            finished.out.contains(expected),
            "{command}: {}",
            finished.out
        );
    }
    let finished = workspace.tintero("migrate status --json", &[]);
    let rows: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
    assert!(
        rows.as_array().is_some_and(|rows| !rows.is_empty()),
        "{}",
        finished.out
    );
}
