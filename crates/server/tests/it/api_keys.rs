//! Commands for API keys while a server is running.

use serde_json::Value;

use crate::{
    http::{HttpClient, HttpResponse},
    serve::Server,
    support::Workspace,
};

fn me(server: &Server, key: &str) -> HttpResponse {
    HttpClient::anonymous(&server.address)
        .authorized(&format!("ApiKey {key}"))
        .get("/v1/me")
}

fn listed(workspace: &Workspace) -> Value {
    let finished = workspace.tintero("keys list --json", &[("TINTERO_LOG", "off")]);
    assert_eq!(finished.code, 0, "{}", finished.err);
    serde_json::from_str(&finished.out).expect("JSON")
}

#[test]
fn keys_are_issued_listed_and_revoked_while_the_server_runs() {
    let workspace = Workspace::new();
    let quiet = [("TINTERO_LOG", "off")];
    let server = Server::start(
        &workspace,
        &[("TINTERO_ADMIN_PASSWORD", "correct horse battery")],
    );
    let issue = "keys issue --name robot --scope posts:create,posts:read --expires 12h";
    let issued = workspace.tintero(issue, &quiet);
    assert_eq!(issued.code, 0, "{}", issued.err);
    let key = issued.out.trim();
    assert!(key.starts_with("tin_") && !issued.err.contains(key));

    let response = me(&server, key);
    let body = response.json();
    assert_eq!(
        (response.status, &body["email"]),
        (200, &"admin@localhost".into())
    );
    let permissions = serde_json::json!(["posts:read", "posts:create"]);
    assert_eq!(body["permissions"], permissions);

    let rows = listed(&workspace);
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
        "the secret is not stored"
    );

    let revoke = format!("keys revoke {id}");
    assert_eq!(workspace.tintero(&revoke, &quiet).code, 0);
    assert_eq!(listed(&workspace)[0]["state"], "revoked");
    let table = workspace.tintero("keys list", &quiet).out;
    assert!(
        table.contains("robot") && table.contains("revoked"),
        "{table}"
    );
    let (code, log, _) = server.stop();
    assert_eq!(code, 0);
    assert!(!log.contains(&key[37..]), "the secret is not logged");

    // A new server rejects the key at once, a running one within seconds.
    let server = Server::start(&workspace, &[]);
    assert_eq!(me(&server, key).status, 401);
    assert_eq!(server.stop().0, 0);
}

#[test]
fn invalid_options_of_a_new_key_are_rejected() {
    let workspace = Workspace::new();
    for (options, expected) in [
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
        let finished = workspace.tintero(&format!("keys issue --name robot {options}"), &[]);
        assert_eq!(finished.code, 2, "{options}: {}", finished.err);
        assert!(
            finished.err.contains(expected),
            "{options}: {}",
            finished.err
        );
        assert_eq!(finished.out, "");
    }
    let unknown = workspace.tintero(
        "keys issue --name robot --scope import --user bob@example.org",
        &[("TINTERO_LOG", "off")],
    );
    assert_eq!(
        (unknown.code, unknown.err.trim()),
        (
            1,
            "tintero: cannot issue an API key to bob@example.org: user not found"
        )
    );
    let unknown = workspace.tintero("keys revoke 01912d68-783e-7a03-8467-5661c1243ad4", &[]);
    assert!(unknown.code == 1 && unknown.err.contains("API key not found"));
}
