#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::support::Place;

/// A server in a process of its own, which has said where it listens.
pub(crate) struct Server {
    process: Child,
    log: BufReader<ChildStderr>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(place: &Place, variables: &[(&str, &str)]) -> Self {
        let mut command = place.command("serve", variables);
        command
            .env("TINTERO_LISTEN", "127.0.0.1:0")
            .env("TINTERO_LOG_FORMAT", "json");
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary is there");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains("\"message\":\"listening\"") {
            line.clear();
            assert_ne!(
                log.read_line(&mut line).expect("UTF-8"),
                0,
                "the server ended before it listened"
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

    /// Sends SIGTERM; answers the exit code, the rest of the log and standard output.
    pub(crate) fn stop(mut self) -> (i32, String, String) {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .expect("there is a kill")
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
                .expect("it is ours")
                .code()
                .expect("it ends by itself"),
            log,
            out,
        )
    }
}

#[test]
fn a_server_is_stopped_by_sigterm_and_prints_the_generated_password_once() {
    let place = Place::new();
    let first = Server::start(&place, &[]);
    let (code, log, out) = first.stop();
    assert_eq!(code, 0);
    assert!(log.contains("\"message\":\"stopped\""), "{log}");
    assert!(
        out.contains("e-mail    admin@localhost") && !log.contains("admin@localhost"),
        "{out}"
    );

    let (code, _, out) = Server::start(&place, &[]).stop();
    assert_eq!(code, 0);
    assert!(
        out.contains("/docs") && !out.contains("password"),
        "the second start makes nobody: {out}"
    );
}

#[test]
fn a_second_server_is_refused_and_other_commands_run_beside_the_first() {
    let place = Place::new();
    let server = Server::start(
        &place,
        &[("TINTERO_ADMIN_PASSWORD", "correct horse battery")],
    );
    let second = place.tintero("serve", &[("TINTERO_LISTEN", "127.0.0.1:0")]);
    assert_eq!(second.code, 2);
    assert!(
        second
            .err
            .contains(&format!("which listens on {}", server.address)),
        "{}",
        second.err
    );

    let ready = place.tintero("healthcheck", &[("TINTERO_LISTEN", &server.address)]);
    assert_eq!(ready.code, 0, "{}", ready.err);
    let reset = place.tintero(
        "users reset-password admin@localhost",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (reset.code, reset.out.trim().len()),
        (0, 24),
        "{}",
        reset.err
    );
    let unknown = place.tintero(
        "users reset-password nobody@example.org",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (unknown.code, unknown.err.trim()),
        (
            1,
            "tintero: the password of nobody@example.org was not changed: user not found"
        )
    );

    let (code, _, out) = server.stop();
    assert_eq!(code, 0);
    assert!(
        !out.contains("password"),
        "a chosen password is not printed: {out}"
    );
}

#[test]
fn tables_are_planned_made_listed_and_verified() {
    let place = Place::new();
    for (step, said) in [
        ("plan", "0001"),
        ("up", "0001"),
        ("status", "done"),
        ("verify", "as declared"),
        ("unlock", "Nobody held the lock"),
    ] {
        let ended = place.tintero(&format!("migrate {step}"), &[]);
        assert_eq!(ended.code, 0, "{step}: {}", ended.err);
        assert!(ended.out.contains(said), "{step}: {}", ended.out);
    }
    let ended = place.tintero("migrate status --json", &[]);
    let rows: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert!(
        rows.as_array().is_some_and(|rows| !rows.is_empty()),
        "{}",
        ended.out
    );
}
