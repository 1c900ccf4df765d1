//! Backups from outside: made beside a server that is written to, and restored into another folder.

use std::{
    fs,
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use serde_json::json;

use crate::{
    http::{Answer, Caller},
    serve::Server,
    support::{Ended, Place},
};

const FILE: &str = "site.tar.zst";
const PASSWORD: &str = "correct horse battery";
const SETTINGS: [(&str, &str); 2] = [
    ("TINTERO_ADMIN_PASSWORD", PASSWORD),
    // Part of links and of tokens, and so the same for both servers.
    ("TINTERO_PUBLIC_URL", "https://blog.example.org"),
];
const QUIET: [(&str, &str); 1] = [("TINTERO_LOG", "off")];

fn publish(caller: &Caller, title: &str, tag: &str) -> String {
    let body = format!(
        "# {title}\r\n\r\nTinta, *tinta* — ¡y más tinta! 🖋\n\n{}\n",
        "x".repeat(5000)
    );
    let post = json!({ "title": title, "body": body, "tags": [tag] }).to_string();
    let made = caller.post("/v1/posts", "", &post);
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.json()["id"].as_str().expect("text").to_owned();
    let condition = format!("if-match: {}\r\n", made.etag.expect("a version"));
    let published = caller.post(&format!("/v1/posts/{id}/publish"), &condition, "");
    assert_eq!(published.status, 200, "{published:?}");
    id
}

/// Everything that can be read of these posts, by their author and by the public.
fn readings(caller: &Caller, stranger: &Caller, ids: &[String]) -> Vec<Answer> {
    let lists = ["/v1/posts?tag=kept&limit=100", "/v1/posts?tag=kept&limit=2"];
    let mut answers: Vec<_> = lists.map(|path| stranger.get(path)).into();
    for id in ids {
        let post = caller.get(&format!("/v1/posts/{id}"));
        let slug = post.json()["slug"].as_str().expect("text").to_owned();
        answers.push(stranger.get(&format!("/v1/posts/by-slug/{slug}")));
        answers.push(post);
    }
    for answer in &mut answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        // A cursor is sealed anew for every answer, which its digest shows.
        if let Some(items) = answer.json().get("items") {
            answer.body = items.to_string();
            answer.etag = None;
        }
    }
    answers
}

/// Calls the binary while somebody writes posts without a pause.
fn while_written_to(caller: &Caller, call: impl FnOnce() -> Ended) -> Ended {
    let stop = AtomicBool::new(false);
    let (told, written) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                publish(caller, &format!("Later {number}"), "later");
                told.send(()).expect("the other end is open");
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        written.recv().expect("a post is written");
        let ended = call();
        stop.store(true, Ordering::Relaxed);
        ended
    })
}

#[test]
fn a_backup_made_under_writes_holds_every_post_that_was_acknowledged_before() {
    let (old, new) = (Place::new(), Place::new());
    let server = Server::start(&old, &SETTINGS);
    let stranger = Caller::stranger(&server.address);
    let caller = stranger.clone().signed_in("admin@localhost", PASSWORD);
    let ids: Vec<_> = (0..5)
        .map(|number| publish(&caller, &format!("Kept {number}"), "kept"))
        .collect();
    old.write_object("ab/abcdef", "picture");
    let before = readings(&caller, &stranger, &ids);

    let backup = format!("backup {FILE} --with-keys");
    let ended = while_written_to(&caller, || old.tintero(&backup, &QUIET));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("objects  1\n"), "{}", ended.out);
    drop(server.stop());

    let restore = format!("restore {}", old.path().join(FILE).display());
    let ended = new.tintero(&restore, &QUIET);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let object = fs::read_to_string(new.path().join("data/objects/ab/abcdef"));
    assert_eq!(object.unwrap(), "picture");

    let server = Server::start(&new, &SETTINGS);
    // The keys went along, so the token of before is good.
    let (caller, stranger) = (caller.at(&server.address), stranger.at(&server.address));
    let after = readings(&caller, &stranger, &ids);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(before.len(), after.len());
    let later = stranger.get("/v1/posts?tag=later&limit=100").json();
    let later = later["items"].as_array().expect("a list");
    assert!(
        !later.is_empty(),
        "one was acknowledged before the backup began"
    );
    for post in later {
        let slug = post["slug"].as_str().expect("text");
        let found = stranger.get(&format!("/v1/posts/by-slug/{slug}"));
        assert_eq!(found.status, 200, "a listed post is there as a whole");
    }
    publish(&caller, "Afterwards", "later");
    drop(server.stop());
}

#[test]
fn keys_stay_behind_unless_they_are_asked_for() {
    let place = Place::with_data();
    assert_eq!(place.tintero("signing-key rotate", &[]).code, 0);
    let without = place.tintero("backup without", &QUIET);
    assert!(without.out.contains("not included"), "{}", without.out);
    let with = place.tintero("backup with --with-keys", &QUIET);
    assert!(with.out.contains("1, which are secrets"), "{}", with.out);

    let restored = place.tintero("restore without --data-dir one", &QUIET);
    assert!(restored.out.contains("makes new ones"), "{}", restored.out);
    assert!(!place.path().join("one/keys").exists());
    assert_eq!(place.tintero("restore with --data-dir two", &QUIET).code, 0);
    let key = |folder: &str| fs::read(place.path().join(folder).join("keys/signing-0001.pem"));
    assert_eq!(key("two").unwrap(), key("data").unwrap());
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_backup_and_what_is_restored() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::with_data();
    place.write_object("ab/abcdef", "picture");
    assert_eq!(place.tintero(&format!("backup {FILE}"), &QUIET).code, 0);
    assert_eq!(
        place
            .tintero(&format!("restore {FILE} --data-dir new"), &QUIET)
            .code,
        0
    );
    for (path, mode) in [
        (FILE, 0o600),
        ("new/tintero.db", 0o600),
        ("new/objects", 0o700),
        ("new/objects/ab", 0o700),
        ("new/objects/ab/abcdef", 0o600),
    ] {
        let found = fs::metadata(place.path().join(path)).unwrap().permissions();
        assert_eq!(found.mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn a_damaged_backup_is_refused_by_name_and_nothing_is_left() {
    let place = Place::with_data();
    assert_eq!(place.tintero(&format!("backup {FILE}"), &QUIET).code, 0);
    let whole = fs::read(place.path().join(FILE)).unwrap();
    let last = whole.len() - 1;
    let parts = [0, 10, last / 4, last / 2, last / 4 * 3, last - 35, last];
    let changed = parts.map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    });
    let cut = [0, 1, last / 2, last - 39, last].map(|at| whole[..at].to_vec());
    for bytes in changed.iter().chain(&cut) {
        fs::write(place.path().join("damaged"), bytes).unwrap();
        for call in ["restore damaged --data-dir new", "restore --verify damaged"] {
            let ended = place.tintero(call, &QUIET);
            assert_eq!(ended.code, 1, "{call}: {}", ended.out);
            let told = "damaged cannot be restored: it";
            assert!(ended.err.contains(told), "{}", ended.err);
            assert!(!place.path().join("new").exists());
        }
    }
    let ended = place.tintero(&format!("restore --verify {FILE}"), &QUIET);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let missing = place.tintero("restore missing --data-dir new", &QUIET);
    assert_eq!(missing.code, 1);
    assert!(
        missing.err.contains("missing cannot be restored"),
        "{}",
        missing.err
    );
}

#[test]
fn a_folder_with_something_in_it_is_refused_or_moved_aside() {
    let place = Place::with_data();
    assert_eq!(place.tintero(&format!("backup {FILE}"), &QUIET).code, 0);
    let restore = format!("restore {FILE}");
    let before = fs::read(place.path().join("data/tintero.db")).unwrap();
    let refused = place.tintero(&restore, &QUIET);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("data is not empty"), "{}", refused.err);
    assert_eq!(
        fs::read(place.path().join("data/tintero.db")).unwrap(),
        before
    );

    let moved = place.tintero(&format!("{restore} --force"), &QUIET);
    assert_eq!(moved.code, 0, "{}", moved.err);
    let (_, aside) = moved.out.split_once("What was there is in ").unwrap();
    let aside = aside.lines().next().unwrap().trim_end_matches('.');
    let old = place.path().join(aside).join("tintero.db");
    assert_eq!(fs::read(old).unwrap(), before);
    assert_eq!(place.tintero("migrate verify", &QUIET).code, 0);
}

#[test]
fn a_backup_replaces_no_file_unless_it_is_told_to() {
    let place = Place::with_data();
    place.write(FILE, "a letter");
    let refused = place.tintero(&format!("backup {FILE}"), &QUIET);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("exists already"), "{}", refused.err);
    assert_eq!(fs::read(place.path().join(FILE)).unwrap(), b"a letter");
    assert_eq!(
        place
            .tintero(&format!("backup {FILE} --force"), &QUIET)
            .code,
        0
    );
    assert_eq!(
        place
            .tintero(&format!("restore --verify {FILE}"), &QUIET)
            .code,
        0
    );
}

#[test]
fn where_the_data_is_elsewhere_nothing_is_backed_up_or_restored() {
    let place = Place::new();
    for mode in ["aws", "memory"] {
        for call in ["backup a", "restore a"] {
            let ended = place.tintero(call, &[("TINTERO_DYNAMODB", mode)]);
            assert_eq!(ended.code, 2, "{call}: {}", ended.err);
            let told = format!("TINTERO_DYNAMODB is {mode}");
            assert!(ended.err.contains(&told), "{}", ended.err);
        }
    }
    let nothing = place.tintero("backup a", &[]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("holds no database"), "{}", nothing.err);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn nothing_is_restored_under_a_running_server() {
    let place = Place::new();
    let server = Server::start(&place, &SETTINGS);
    assert_eq!(place.tintero(&format!("backup {FILE}"), &QUIET).code, 0);
    let refused = place.tintero(&format!("restore {FILE} --force"), &QUIET);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("is in use by process"),
        "{}",
        refused.err
    );
    drop(server.stop());
}

/// A backup that cannot end before it is killed: reading this much takes long, and it needs no room.
const LARGE: u64 = 1 << 30;

#[test]
fn a_backup_that_is_killed_leaves_no_file_and_the_next_one_clears_up() {
    let place = Place::with_data();
    place.write_object("large", "");
    let object = place.path().join("data/objects/large");
    let sparse = fs::File::options().write(true).open(&object).unwrap();
    sparse.set_len(LARGE).unwrap();

    let partial = place.path().join(format!("{FILE}.partial"));
    let mut backup = place
        .command(&format!("backup {FILE}"), &QUIET)
        .spawn()
        .unwrap();
    while !partial.exists() {
        assert_eq!(backup.try_wait().unwrap(), None, "it writes before it ends");
        thread::yield_now();
    }
    backup.kill().unwrap();
    assert_eq!(backup.wait().unwrap().code(), None, "it was killed");
    assert!(!place.path().join(FILE).exists());

    fs::remove_file(object).unwrap();
    let ended = place.tintero(&format!("backup {FILE}"), &QUIET);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(!partial.exists() && !left_over(place.path()));
}

fn left_over(place: &Path) -> bool {
    place.join("data/backup.partial").exists()
}
