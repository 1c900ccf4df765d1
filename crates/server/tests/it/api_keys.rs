//! API keys from the command line, beside a server that runs.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::Value;

use crate::{serve::Server, support::Place};

/// What comes back to `GET /v1/me` with this key: the status and the body.
fn me(server: &Server, key: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let request = format!(
        "GET /v1/me HTTP/1.1\r\nhost: test\r\nauthorization: ApiKey {key}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = serde_json::from_str(body).expect("JSON");
    (status.expect("a status"), body)
}

fn listed(place: &Place) -> Value {
    let ended = place.tintero("keys list --json", &[("TINTERO_LOG", "off")]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    serde_json::from_str(&ended.out).expect("JSON")
}

#[test]
fn a_key_is_issued_used_listed_and_revoked_while_the_server_runs() {
    let place = Place::new();
    let quiet = [("TINTERO_LOG", "off")];
    let server = Server::start(
        &place,
        &[("TINTERO_ADMIN_PASSWORD", "correct horse battery")],
    );
    let issue = "keys issue --name robot --scope posts:create,posts:read --expires 12h";
    let issued = place.tintero(issue, &quiet);
    assert_eq!(issued.code, 0, "{}", issued.err);
    let key = issued.out.trim();
    assert!(key.starts_with("tin_") && !issued.err.contains(key));

    let (status, body) = me(&server, key);
    assert_eq!((status, &body["email"]), (200, &"admin@localhost".into()));
    let permissions = serde_json::json!(["posts:read", "posts:create"]);
    assert_eq!(body["permissions"], permissions);

    let rows = listed(&place);
    let row = &rows[0];
    assert_eq!(
        (&row["name"], &row["state"]),
        (&"robot".into(), &"active".into())
    );
    assert_eq!(row["user"], "admin@localhost");
    assert_eq!(row["scopes"], permissions);
    let id = row["id"].as_str().expect("text");
    assert!(issued.err.contains(id), "{}", issued.err);
    assert!(
        !rows.to_string().contains(&key[37..]),
        "the secret is kept nowhere"
    );

    let revoke = format!("keys revoke {id}");
    assert_eq!(place.tintero(&revoke, &quiet).code, 0);
    assert_eq!(listed(&place)[0]["state"], "revoked");
    let table = place.tintero("keys list", &quiet).out;
    assert!(
        table.contains("robot") && table.contains("revoked"),
        "{table}"
    );
    let (code, log, _) = server.stop();
    assert_eq!(code, 0);
    assert!(!log.contains(&key[37..]), "the secret is not logged");

    // A server that was started since knows of the revocation at once; a running one, within seconds.
    let server = Server::start(&place, &[]);
    assert_eq!(me(&server, key).0, 401);
    assert_eq!(server.stop().0, 0);
}

#[test]
fn wishes_that_cannot_be_are_refused_with_what_to_change() {
    let place = Place::new();
    for (more, said) in [
        ("--scope posts:fly", "posts:trash_any"),
        (
            "--scope import --expires soon",
            "2027-01-01T00:00:00Z, or never",
        ),
        (
            "--scope import --expires 2020-01-01T00:00:00Z",
            "must lie in the future",
        ),
    ] {
        let ended = place.tintero(&format!("keys issue --name robot {more}"), &[]);
        assert_eq!(ended.code, 2, "{more}: {}", ended.err);
        assert!(ended.err.contains(said), "{more}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    let unknown = place.tintero(
        "keys issue --name robot --scope import --user bob@example.org",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (unknown.code, unknown.err.trim()),
        (
            1,
            "tintero: no key was issued to bob@example.org: user not found"
        )
    );
    let unknown = place.tintero("keys revoke 01912d68-783e-7a03-8467-5661c1243ad4", &[]);
    assert!(unknown.code == 1 && unknown.err.contains("API key not found"));
}
