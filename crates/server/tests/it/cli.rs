use std::net::TcpListener;

use crate::support::Place;

#[test]
fn a_call_without_arguments_prints_the_help() {
    let ended = Place::new().tintero("", &[]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("serve") && ended.err.contains("migrate"),
        "{}",
        ended.err
    );
}

#[test]
fn every_problem_of_the_configuration_is_named_at_once_with_code_2() {
    let place = Place::new();
    place.write("tintero.toml", "listn = \"x\"\ndrain_timeout = \"never\"\n");
    let ended = place.tintero(
        "serve",
        &[("TINTERO_DYNAMODB", "oracle"), ("TINTERO_PORT", "80")],
    );
    assert_eq!(ended.code, 2);
    assert_eq!(ended.out, "");
    for problem in [
        "listn (in tintero.toml) is not a setting; did you mean listen?",
        "drain_timeout (in tintero.toml) must be a time",
        "TINTERO_DYNAMODB must be embedded, memory or aws, and is \"oracle\"",
        "TINTERO_PORT is not a setting",
    ] {
        assert!(
            ended.err.contains(problem),
            "{problem} is missing in:\n{}",
            ended.err
        );
    }
}

#[test]
fn the_effective_configuration_names_its_sources_and_masks_secrets() {
    let place = Place::new();
    place.write("other.toml", "table_prefix = \"blog\"\n");
    let variables = [
        ("TINTERO_CONFIG", "other.toml"),
        ("TINTERO_ADMIN_PASSWORD", "correct horse battery"),
    ];
    let ended = place.tintero("config", &variables);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let row = |name: &str| {
        ended
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
        !place
            .tintero("config --json", &variables)
            .out
            .contains("horse")
    );
}

#[test]
fn a_named_configuration_file_must_exist() {
    let ended = Place::new().tintero("config --config missing.toml", &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("missing.toml"), "{}", ended.err);
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Place::new().tintero("serve", &[("TINTERO_LISTEN", &address)]);
    assert_eq!(ended.code, 2);
    let port = taken.local_addr().unwrap().port();
    assert!(
        ended
            .err
            .contains(&format!("port {port} on 127.0.0.1 is in use")),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("TINTERO_LISTEN="), "{}", ended.err);
}

#[test]
fn a_data_folder_in_use_is_refused_and_its_holder_named() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("data")).unwrap();
    place.write("data/LOCK", "process 4711, which listens on 127.0.0.1:9\n");
    let held = std::fs::File::open(place.path().join("data/LOCK")).unwrap();
    held.lock().unwrap();
    let ended = place.tintero("serve", &[]);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .err
            .contains("in use by process 4711, which listens on 127.0.0.1:9"),
        "{}",
        ended.err
    );
    assert_eq!(
        place.tintero("config", &[]).code,
        0,
        "other commands run beside a server"
    );
}

#[test]
fn a_healthcheck_fails_where_nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let ended = Place::new().tintero("healthcheck", &[("TINTERO_LISTEN", &free)]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains(&format!("no answer from {free}")),
        "{}",
        ended.err
    );
}

#[test]
fn a_password_that_is_too_short_is_refused_before_anything_happens() {
    let ended = Place::new().tintero("users reset-password ana@example.org --password-stdin", &[]);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .err
            .contains("the password must have at least 12 characters"),
        "{}",
        ended.err
    );
    assert_eq!(
        Place::new().tintero("users reset-password ana", &[]).code,
        2
    );
}

#[test]
fn an_import_without_a_token_is_refused() {
    let ended = Place::new().tintero("import site --url http://127.0.0.1:9", &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--token"), "{}", ended.err);
}

#[test]
fn an_import_passes_its_own_exit_code_on() {
    let token = [("TINTERO_TOKEN", "t")];
    let ended = Place::new().tintero("import nowhere --url http://127.0.0.1:9", &token);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("nowhere"), "{}", ended.err);
}

#[test]
fn the_description_of_the_api_is_printed_in_both_forms() {
    let place = Place::new();
    assert!(place.tintero("openapi", &[]).out.starts_with("openapi:"));
    assert!(
        place
            .tintero("openapi --json", &[])
            .out
            .trim_start()
            .starts_with('{')
    );
}
