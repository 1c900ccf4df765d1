//! Backups during writes, and their restoration into another folder.

use std::{
    fs,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use serde_json::json;

use crate::{
    http::{HttpClient, HttpResponse},
    serve::Server,
    support::{Finished, Workspace},
};

const FILE: &str = "site.tar.zst";
/// The path of an object with the content `picture` in the folder of objects.
const OBJECT: &str = "2c/ea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97";
const PASSWORD: &str = "correct horse battery";
const SETTINGS: [(&str, &str); 2] = [
    ("TINTERO_ADMIN_PASSWORD", PASSWORD),
    // Part of links and tokens, so it must be equal for both servers.
    ("TINTERO_PUBLIC_URL", "https://blog.example.org"),
];

fn publish(caller: &HttpClient, title: &str, tag: &str) -> String {
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

/// Reads these posts and their lists, as the author and anonymously.
fn read_all(caller: &HttpClient, anonymous: &HttpClient, ids: &[String]) -> Vec<HttpResponse> {
    let lists = ["/v1/posts?tag=kept&limit=100", "/v1/posts?tag=kept&limit=2"];
    let mut responses: Vec<_> = lists.map(|path| anonymous.get(path)).into();
    for id in ids {
        let post = caller.get(&format!("/v1/posts/{id}"));
        let slug = post.json()["slug"].as_str().expect("text").to_owned();
        responses.push(anonymous.get(&format!("/v1/posts/by-slug/{slug}")));
        responses.push(post);
    }
    for response in &mut responses {
        assert_eq!(response.status, 200, "{response:?}");
        // Cursors differ between responses, and so do their ETags.
        if let Some(items) = response.json().get("items") {
            response.body = items.to_string();
            response.etag = None;
        }
    }
    responses
}

/// Runs the binary while another thread publishes posts.
fn during_writes(caller: &HttpClient, run: impl FnOnce() -> Finished) -> Finished {
    let stop = AtomicBool::new(false);
    let (sender, published) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                publish(caller, &format!("Later {number}"), "later");
                sender.send(()).expect("the receiver exists");
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        published.recv().expect("a post is published");
        let finished = run();
        stop.store(true, Ordering::Relaxed);
        finished
    })
}

#[test]
fn a_backup_during_writes_contains_every_acknowledged_post() {
    let (old, new) = (Workspace::new(), Workspace::new());
    let server = Server::start(&old, &SETTINGS);
    let anonymous = HttpClient::anonymous(&server.address);
    let caller = anonymous.clone().signed_in("admin@localhost", PASSWORD);
    let ids: Vec<_> = (0..5)
        .map(|number| publish(&caller, &format!("Kept {number}"), "kept"))
        .collect();
    old.write_object(OBJECT, "picture");
    // A damaged object is reported and left out.
    old.write_object(LARGE_OBJECT, "half");
    let before = read_all(&caller, &anonymous, &ids);

    let backup = || old.succeeds("backup site.tar.zst --with-keys");
    during_writes(&caller, backup).prints("objects  1\n");
    drop(server.stop());

    let restore = format!("restore {}", old.path().join(FILE).display());
    new.succeeds(&restore);
    let object = fs::read_to_string(new.path().join("data/objects").join(OBJECT));
    assert_eq!(object.unwrap(), "picture");

    let server = Server::start(&new, &SETTINGS);
    // The backup contains the keys, so the token remains valid.
    let (caller, anonymous) = (caller.at(&server.address), anonymous.at(&server.address));
    let after = read_all(&caller, &anonymous, &ids);
    assert_eq!(before, after);
    let later = anonymous.get("/v1/posts?tag=later&limit=100").json();
    let later = later["items"].as_array().expect("a list");
    assert!(!later.is_empty(), "one was published before the backup");
    for post in later {
        let slug = post["slug"].as_str().expect("text");
        let found = anonymous.get(&format!("/v1/posts/by-slug/{slug}"));
        assert_eq!(found.status, 200, "a listed post is complete");
    }
    publish(&caller, "Afterwards", "later");
    drop(server.stop());
}

#[test]
fn keys_are_included_only_on_request() {
    let workspace = Workspace::with_data();
    workspace.succeeds("signing-key rotate");
    workspace.succeeds("backup without").prints("not included");
    let with = workspace.succeeds("backup with --with-keys");
    with.prints("1 included; keep this file secret");

    let restored = workspace.succeeds("restore without --data-dir one");
    restored.prints("generates new ones");
    assert!(!workspace.path().join("one/keys").exists());
    workspace.succeeds("restore with --data-dir two");
    let key = |folder: &str| fs::read(workspace.path().join(folder).join("keys/signing-0001.pem"));
    assert_eq!(key("two").unwrap(), key("data").unwrap());
}

#[test]
fn backups_and_restored_files_are_private() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::with_data();
    workspace.write_object(OBJECT, "picture");
    workspace.succeeds("backup site.tar.zst");
    workspace.succeeds("restore site.tar.zst --data-dir new");
    for (path, mode) in [
        (FILE, 0o600),
        ("new/tintero.db", 0o600),
        ("new/objects", 0o700),
        (&format!("new/objects/{}", &OBJECT[..2]), 0o700),
        (&format!("new/objects/{OBJECT}"), 0o600),
    ] {
        let metadata = fs::metadata(workspace.path().join(path)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn a_damaged_backup_is_rejected_and_leaves_no_files() {
    let workspace = Workspace::with_data();
    workspace.succeeds("backup site.tar.zst");
    let whole = fs::read(workspace.path().join(FILE)).unwrap();
    let last = whole.len() - 1;
    let parts = [0, 10, last / 4, last / 2, last / 4 * 3, last - 35, last];
    let changed = parts.map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    });
    let truncated = [0, 1, last / 2, last - 39, last].map(|at| whole[..at].to_vec());
    for bytes in changed.iter().chain(&truncated) {
        fs::write(workspace.path().join("damaged"), bytes).unwrap();
        for command in ["restore damaged --data-dir new", "restore --verify damaged"] {
            workspace.fails(command, 1, "cannot restore damaged: ");
            assert!(!workspace.path().join("new").exists());
        }
    }
    workspace.succeeds("restore --verify site.tar.zst");
    let missing = "restore missing --data-dir new";
    workspace.fails(missing, 1, "cannot restore missing: ");
}

#[test]
fn a_folder_with_contents_is_rejected_or_moved_aside() {
    let workspace = Workspace::with_data();
    workspace.succeeds("backup site.tar.zst");
    let database = |folder: &str| fs::read(workspace.path().join(folder).join("tintero.db"));
    let before = database("data").unwrap();
    workspace.fails("restore site.tar.zst", 2, "data is not empty");
    assert_eq!(database("data").unwrap(), before);

    let moved = workspace.succeeds("restore site.tar.zst --force").out;
    let (_, folder) = moved.split_once("Moved the previous contents to ").unwrap();
    assert_eq!(database(folder.lines().next().unwrap()).unwrap(), before);
    workspace.succeeds("migrate verify");
}

#[test]
fn a_backup_replaces_a_file_only_with_force() {
    let workspace = Workspace::with_data();
    workspace.write(FILE, "a letter");
    workspace.fails("backup site.tar.zst", 2, "already exists");
    assert_eq!(fs::read(workspace.path().join(FILE)).unwrap(), b"a letter");
    workspace.succeeds("backup site.tar.zst --force");
    workspace.succeeds("restore --verify site.tar.zst");
}

#[test]
fn backup_and_restore_require_the_embedded_mode() {
    let workspace = Workspace::new();
    for mode in ["aws", "memory"] {
        for command in ["backup a", "restore a"] {
            let finished = workspace.run(command, &[("TINTERO_DYNAMODB", mode)]);
            finished.failure(2, &format!("TINTERO_DYNAMODB is {mode}"));
        }
    }
    workspace.fails("backup a", 2, "contains no database");
    assert_eq!(fs::read_dir(workspace.path()).unwrap().count(), 0);
}

#[test]
fn a_restore_into_the_folder_of_a_running_server_is_rejected() {
    let workspace = Workspace::new();
    let server = Server::start(&workspace, &SETTINGS);
    workspace.succeeds("backup site.tar.zst");
    let restore = "restore site.tar.zst --force";
    workspace.fails(restore, 2, "is in use by process");
    drop(server.stop());
}

/// The size of a sparse file. Hashing it takes longer than the test needs to kill the backup.
const LARGE: u64 = 1 << 30;

/// Its path in the folder of objects.
const LARGE_OBJECT: &str = "49/bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14";

#[test]
fn a_killed_backup_leaves_no_file_and_the_next_one_cleans_up() {
    let workspace = Workspace::with_data();
    workspace.write_object(LARGE_OBJECT, "");
    let object = workspace.path().join("data/objects").join(LARGE_OBJECT);
    let sparse = fs::File::options().write(true).open(&object).unwrap();
    sparse.set_len(LARGE).unwrap();

    let partial = workspace.path().join("site.tar.zst.partial");
    let mut backup = workspace.command("backup site.tar.zst", &[]);
    let mut backup = backup.spawn().unwrap();
    while !partial.exists() {
        assert_eq!(backup.try_wait().unwrap(), None, "the backup is running");
        thread::yield_now();
    }
    backup.kill().unwrap();
    assert_eq!(backup.wait().unwrap().code(), None, "it was killed");
    assert!(!workspace.path().join(FILE).exists());

    fs::remove_file(object).unwrap();
    workspace.succeeds("backup site.tar.zst");
    assert!(!partial.exists());
    assert!(!workspace.path().join("data/backup.partial").exists());
}
