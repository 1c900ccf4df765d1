use std::net::TcpListener;

use crate::support::Workspace;

#[test]
fn running_without_arguments_prints_the_help() {
    let finished = Workspace::new().tintero("", &[]);
    assert_eq!(finished.code, 2);
    assert!(
        finished.err.contains("serve") && finished.err.contains("migrate"),
        "{}",
        finished.err
    );
}

#[test]
fn all_problems_of_the_configuration_are_reported_with_code_2() {
    let workspace = Workspace::new();
    workspace.write("tintero.toml", "listn = \"x\"\ndrain_timeout = \"never\"\n");
    let finished = workspace.tintero(
        "serve",
        &[("TINTERO_DYNAMODB", "oracle"), ("TINTERO_PORT", "80")],
    );
    assert_eq!(finished.code, 2);
    assert_eq!(finished.out, "");
    for problem in [
        "listn (in tintero.toml) is not a setting; did you mean listen?",
        "drain_timeout (in tintero.toml) must be a duration",
        "TINTERO_DYNAMODB must be one of embedded, memory, aws, but is \"oracle\"",
        "TINTERO_PORT is not a setting",
    ] {
        assert!(
            finished.err.contains(problem),
            "{problem} is missing in:\n{}",
            finished.err
        );
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
    let finished = workspace.tintero("config", &variables);
    assert_eq!(finished.code, 0, "{}", finished.err);
    let row = |name: &str| {
        finished
            .out
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        row("TINTERO_TABLE_PREFIX"),
        ["TINTERO_TABLE_PREFIX", "blog", "other.toml"]
    );
    assert_eq!(
        row("TINTERO_ADMIN_PASSWORD"),
        ["TINTERO_ADMIN_PASSWORD", "********", "environment"]
    );
    assert_eq!(
        row("TINTERO_LISTEN"),
        ["TINTERO_LISTEN", "127.0.0.1:8080", "default"]
    );
    assert!(
        !workspace
            .tintero("config --json", &variables)
            .out
            .contains("horse")
    );
}

#[test]
fn a_given_configuration_file_must_exist() {
    let finished = Workspace::new().tintero("config --config missing.toml", &[]);
    assert_eq!(finished.code, 2);
    assert!(finished.err.contains("missing.toml"), "{}", finished.err);
}

#[test]
fn a_port_in_use_is_rejected_with_an_alternative() {
    let in_use = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = in_use.local_addr().unwrap().to_string();
    let finished = Workspace::new().tintero("serve", &[("TINTERO_LISTEN", &address)]);
    assert_eq!(finished.code, 2);
    let port = in_use.local_addr().unwrap().port();
    assert!(
        finished
            .err
            .contains(&format!("port {port} on 127.0.0.1 is in use")),
        "{}",
        finished.err
    );
    assert!(finished.err.contains("TINTERO_LISTEN="), "{}", finished.err);
}

#[test]
fn a_data_folder_in_use_is_rejected_with_its_holder() {
    let workspace = Workspace::new();
    std::fs::create_dir(workspace.path().join("data")).unwrap();
    workspace.write("data/LOCK", "process 4711, listening on 127.0.0.1:9\n");
    let held = std::fs::File::open(workspace.path().join("data/LOCK")).unwrap();
    held.lock().unwrap();
    let finished = workspace.tintero("serve", &[]);
    assert_eq!(finished.code, 2);
    assert!(
        finished
            .err
            .contains("in use by process 4711, listening on 127.0.0.1:9"),
        "{}",
        finished.err
    );
    assert_eq!(
        workspace.tintero("config", &[]).code,
        0,
        "other commands need no lock"
    );
}

#[test]
fn a_healthcheck_fails_without_a_server() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let finished = Workspace::new().tintero("healthcheck", &[("TINTERO_LISTEN", &free)]);
    assert_eq!(finished.code, 1);
    assert!(
        finished.err.contains(&format!("no response from {free}")),
        "{}",
        finished.err
    );
}

#[test]
fn a_short_password_is_rejected() {
    let finished =
        Workspace::new().tintero("users reset-password ana@example.org --password-stdin", &[]);
    assert_eq!(finished.code, 2);
    assert!(
        finished
            .err
            .contains("the password must have at least 12 characters"),
        "{}",
        finished.err
    );
    assert_eq!(
        Workspace::new()
            .tintero("users reset-password ana", &[])
            .code,
        2
    );
}

#[test]
fn an_import_requires_a_token() {
    let finished = Workspace::new().tintero("import site --url http://127.0.0.1:9", &[]);
    assert_eq!(finished.code, 2);
    assert!(finished.err.contains("--token"), "{}", finished.err);
}

#[test]
fn import_returns_the_exit_code_of_the_importer() {
    let token = [("TINTERO_TOKEN", "t")];
    let finished = Workspace::new().tintero("import nowhere --url http://127.0.0.1:9", &token);
    assert_eq!(finished.code, 2, "{}", finished.err);
    assert!(finished.err.contains("nowhere"), "{}", finished.err);
}

#[test]
fn openapi_prints_yaml_and_json() {
    let workspace = Workspace::new();
    assert!(
        workspace
            .tintero("openapi", &[])
            .out
            .starts_with("openapi:")
    );
    assert!(
        workspace
            .tintero("openapi --json", &[])
            .out
            .trim_start()
            .starts_with('{')
    );
}
