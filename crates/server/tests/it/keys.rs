use crate::support::Workspace;

#[test]
fn aws_mode_requires_configured_keys_and_names_the_commands() {
    let workspace = Workspace::new();
    let aws = ("TINTERO_DYNAMODB", "aws");
    let signing = "TINTERO_SIGNING_KEYS (generate one with `tintero signing-key generate`)";
    let cursor = "TINTERO_CURSOR_KEYS (generate one with `tintero cursor-key generate`)";
    let finished = workspace.run("serve", &[aws]);
    finished.failure(2, &format!("{signing} and {cursor}"));

    let pem = workspace.succeeds("signing-key generate").out;
    let finished = workspace.run("serve", &[aws, ("TINTERO_SIGNING_KEYS", &pem)]);
    finished.failure(2, &format!("requires {cursor}"));
}

#[test]
fn generated_keys_are_accepted_by_the_configuration() {
    let workspace = Workspace::new();
    let key = workspace.succeeds("cursor-key generate").out;
    let both = format!("{},{}", key.trim(), key.trim());
    let config = |keys: &str| workspace.run("config", &[("TINTERO_CURSOR_KEYS", keys)]);
    config(&both).success();
    config("c2hvcnQ").failure(2, "TINTERO_CURSOR_KEYS");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_other_users_can_read_is_rejected_with_a_fix() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let workspace = Workspace::new();
    workspace.succeeds("signing-key rotate");
    let file = workspace.path().join("data/keys/signing-0001.pem");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let message = "signing-0001.pem is accessible by other users (mode 0640); run: chmod 600";
    workspace.fails("serve", 2, message);
}
