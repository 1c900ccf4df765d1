use std::{fs::File, net::TcpListener};

use crate::support::Workspace;

#[test]
fn running_without_arguments_prints_the_help() {
    let finished = Workspace::new().run("", &[]);
    finished.failure(2, "serve");
    finished.failure(2, "migrate");
}

#[test]
fn all_problems_of_the_configuration_are_reported_with_code_2() {
    let workspace = Workspace::new();
    workspace.write("tintero.toml", "listn = \"x\"\ndrain_timeout = \"never\"\n");
    let variables = [("TINTERO_DYNAMODB", "oracle"), ("TINTERO_LISTN", "80")];
    let finished = workspace.run("serve", &variables);
    for problem in [
        "listn (in tintero.toml) is not a setting; did you mean listen?",
        "drain_timeout (in tintero.toml) must be a duration",
        "TINTERO_DYNAMODB must be one of embedded, memory, aws, but is \"oracle\"",
        "TINTERO_LISTN is not a setting; did you mean TINTERO_LISTEN?",
    ] {
        finished.failure(2, problem);
    }
}

#[test]
fn config_prints_values_and_sources_and_masks_secrets() {
    let workspace = Workspace::new();
    workspace.write("other.toml", "table_prefix = \"blog\"\n");
    let variables = [
        ("TINTERO_CONFIG", "other.toml"),
        ("TINTERO_ADMIN_PASSWORD", "correct horse battery"),
    ];
    let out = workspace.run("config", &variables).success().out;
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    for row in [
        ["TINTERO_TABLE_PREFIX", "blog", "other.toml"],
        ["TINTERO_ADMIN_PASSWORD", "********", "environment"],
        ["TINTERO_LISTEN", "127.0.0.1:8080", "default"],
    ] {
        assert!(rows.iter().any(|other| other == &row), "{row:?} in:\n{out}");
    }
    let json = workspace.run("config --json", &variables).success().out;
    assert!(!json.contains("horse"), "{json}");
}

#[test]
fn a_given_configuration_file_must_exist() {
    Workspace::new().fails("config --config missing.toml", 2, "missing.toml");
}

#[test]
fn a_port_in_use_is_rejected_with_an_alternative() {
    let in_use = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = in_use.local_addr().unwrap();
    let listen = address.to_string();
    let finished = Workspace::new().run("serve", &[("TINTERO_LISTEN", &listen)]);
    let port = address.port();
    finished.failure(2, &format!("port {port} on 127.0.0.1 is in use"));
    finished.failure(2, "TINTERO_LISTEN=");
}

#[test]
fn a_data_folder_in_use_is_rejected_with_its_holder() {
    let workspace = Workspace::new();
    std::fs::create_dir(workspace.path().join("data")).unwrap();
    workspace.write("data/LOCK", "process 4711, listening on 127.0.0.1:9\n");
    let held = File::open(workspace.path().join("data/LOCK")).unwrap();
    held.lock().unwrap();
    let message = "in use by process 4711, listening on 127.0.0.1:9";
    workspace.fails("serve", 2, message);
    workspace.succeeds("config");
}

#[test]
fn a_healthcheck_fails_without_a_server() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let free = free.unwrap().to_string();
    let finished = Workspace::new().run("healthcheck", &[("TINTERO_LISTEN", &free)]);
    finished.failure(1, &format!("no response from {free}"));
}

#[test]
fn a_short_password_is_rejected() {
    let workspace = Workspace::new();
    let reset = "users reset-password ana@example.org --password-stdin";
    workspace.fails(reset, 2, "the password must have at least 12 characters");
    workspace.fails("users reset-password ana", 2, "ana");
}

#[test]
fn an_import_requires_a_token() {
    Workspace::new().fails("import site --url http://127.0.0.1:9", 2, "--token");
}

#[test]
fn import_returns_the_exit_code_of_the_importer() {
    let import = "import nowhere --url http://127.0.0.1:9";
    let finished = Workspace::new().run(import, &[("TINTERO_TOKEN", "t")]);
    finished.failure(2, "nowhere");
}

#[test]
fn openapi_prints_yaml_and_json() {
    let workspace = Workspace::new();
    let yaml = workspace.succeeds("openapi").out;
    assert!(yaml.starts_with("openapi:"));
    let json = workspace.succeeds("openapi --json").out;
    assert!(json.trim_start().starts_with('{'));
}
