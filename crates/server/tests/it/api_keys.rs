//! Commands for API keys while a server is running.

use serde_json::{Value, json};

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

fn list_keys(workspace: &Workspace) -> Value {
    let listed = workspace.succeeds("keys list --json");
    serde_json::from_str(&listed.out).expect("JSON")
}

#[test]
fn keys_are_issued_listed_rotated_and_revoked_while_the_server_runs() {
    let workspace = Workspace::new();
    let variables = [("TINTERO_ADMIN_PASSWORD", "correct horse battery")];
    let server = Server::start(&workspace, &variables);
    let issued =
        workspace.succeeds("keys issue --name robot --scope posts:create,posts:read --expires 12h");
    let key = issued.out.trim();
    assert!(key.starts_with("tin_") && !issued.err.contains(key));

    let response = me(&server, key);
    let permissions = json!(["posts:read", "posts:create"]);
    assert_eq!(response.status, 200);
    assert_eq!(response.json()["email"], "admin@localhost");
    assert_eq!(response.json()["permissions"], permissions);

    let rows = list_keys(&workspace);
    let row = &rows[0];
    for (member, value) in [
        ("name", json!("robot")),
        ("state", json!("active")),
        ("user", json!("admin@localhost")),
        ("scopes", permissions),
    ] {
        assert_eq!(row[member], value);
    }
    assert!(row["last_used_at"].is_string());
    let id = row["id"].as_str().expect("text");
    assert!(issued.err.contains(id), "{}", issued.err);
    let secret = &key[37..];
    assert!(!rows.to_string().contains(secret), "not stored");

    let rotated = workspace.succeeds(&format!("keys rotate {id} --overlap 1h"));
    assert_eq!(me(&server, rotated.out.trim()).status, 200);
    assert_eq!(me(&server, key).status, 200, "during the overlap");
    let audit = workspace.succeeds("audit --action rotate_key --json");
    let audit: Value = serde_json::from_str(&audit.out).expect("JSON");
    assert_eq!(audit[0]["api_key_id"], id);
    assert_eq!(audit.as_array().map(Vec::len), Some(1));
    workspace.succeeds("audit --limit 1").prints("rotate_key");

    workspace.succeeds(&format!("keys revoke {id}"));
    assert_eq!(list_keys(&workspace)[1]["state"], "revoked");
    let table = workspace.succeeds("keys list");
    table.prints("robot");
    table.prints("revoked");
    let (code, log, _) = server.stop();
    assert_eq!(code, 0);
    assert!(!log.contains(secret), "not logged");

    // A new server rejects the key at once, a running one within seconds.
    let server = Server::start(&workspace, &[]);
    assert_eq!(me(&server, key).status, 401);
    assert_eq!(server.stop().0, 0);
}

#[test]
fn invalid_options_of_a_new_key_are_rejected() {
    let workspace = Workspace::new();
    for (options, code, message) in [
        ("posts:fly", 2, "posts:trash_any"),
        ("import --expires soon", 2, "2027-01-01T00:00:00Z, or never"),
        ("import --expires 2020-01-01T00:00:00Z", 2, "in the future"),
        (
            "import --user bob@example.org",
            1,
            "tintero: cannot issue an API key to bob@example.org: user not found",
        ),
    ] {
        let issue = format!("keys issue --name robot --scope {options}");
        workspace.fails(&issue, code, message);
    }
    let revoke = "keys revoke 01912d68-783e-7a03-8467-5661c1243ad4";
    workspace.fails(revoke, 1, "API key not found");
}
