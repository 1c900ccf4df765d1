use crate::support::Place;

#[test]
fn aws_mode_refuses_to_start_without_keys_and_says_how_to_make_them() {
    let place = Place::new();
    let aws = ("TINTERO_DYNAMODB", "aws");
    let (signing, cursor) = (
        "TINTERO_SIGNING_KEYS (`tintero signing-key generate`",
        "TINTERO_CURSOR_KEYS (`tintero cursor-key generate`",
    );
    let ended = place.tintero("serve", &[aws]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains(signing) && ended.err.contains(cursor),
        "{}",
        ended.err
    );

    let pem = place.tintero("signing-key generate", &[]).out;
    let ended = place.tintero("serve", &[aws, ("TINTERO_SIGNING_KEYS", &pem)]);
    assert_eq!(ended.code, 2);
    assert!(
        !ended.err.contains(signing) && ended.err.contains(cursor),
        "{}",
        ended.err
    );
}

#[test]
fn generated_keys_are_accepted_by_the_configuration() {
    let place = Place::new();
    let key = place.tintero("cursor-key generate", &[]).out;
    let both = format!("{},{}", key.trim(), key.trim());
    assert_eq!(
        place
            .tintero("config", &[("TINTERO_CURSOR_KEYS", &both)])
            .code,
        0
    );
    assert_eq!(
        place
            .tintero("config", &[("TINTERO_CURSOR_KEYS", "c2hvcnQ")])
            .code,
        2
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let place = Place::new();
    assert_eq!(place.tintero("signing-key rotate", &[]).code, 0);
    let file = place.path().join("data/keys/signing-0001.pem");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let ended = place.tintero("serve", &[]);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .err
            .contains("signing-0001.pem may be used by others (mode 0640); run: chmod 600"),
        "{}",
        ended.err
    );
}
