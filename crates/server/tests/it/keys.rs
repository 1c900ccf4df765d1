use crate::support::Workspace;

#[test]
fn aws_mode_requires_configured_keys_and_names_the_commands() {
    let workspace = Workspace::new();
    let aws = ("TINTERO_DYNAMODB", "aws");
    let (signing, cursor) = (
        "TINTERO_SIGNING_KEYS (generate one with `tintero signing-key generate`)",
        "TINTERO_CURSOR_KEYS (generate one with `tintero cursor-key generate`)",
    );
    let finished = workspace.tintero("serve", &[aws]);
    assert_eq!(finished.code, 2);
    assert!(
        finished.err.contains(signing) && finished.err.contains(cursor),
        "{}",
        finished.err
    );

    let pem = workspace.tintero("signing-key generate", &[]).out;
    let finished = workspace.tintero("serve", &[aws, ("TINTERO_SIGNING_KEYS", &pem)]);
    assert_eq!(finished.code, 2);
    assert!(
        !finished.err.contains(signing) && finished.err.contains(cursor),
        "{}",
        finished.err
    );
}

#[test]
fn generated_keys_are_accepted_by_the_configuration() {
    let workspace = Workspace::new();
    let key = workspace.tintero("cursor-key generate", &[]).out;
    let both = format!("{},{}", key.trim(), key.trim());
    assert_eq!(
        workspace
            .tintero("config", &[("TINTERO_CURSOR_KEYS", &both)])
            .code,
        0
    );
    assert_eq!(
        workspace
            .tintero("config", &[("TINTERO_CURSOR_KEYS", "c2hvcnQ")])
            .code,
        2
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_other_users_can_read_is_rejected_with_a_fix() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let workspace = Workspace::new();
    assert_eq!(workspace.tintero("signing-key rotate", &[]).code, 0);
    let file = workspace.path().join("data/keys/signing-0001.pem");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let finished = workspace.tintero("serve", &[]);
    assert_eq!(finished.code, 2);
    assert!(
        finished
            .err
            .contains("signing-0001.pem is accessible by other users (mode 0640); run: chmod 600"),
        "{}",
        finished.err
    );
}
