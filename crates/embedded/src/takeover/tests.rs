use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::store::SqlDatabase;

/// A database of dynoxide with two tables, three indexes, and every type of value.
const DYNOXIDE: &str = include_str!("../../tests/fixtures/dynoxide.sql");

const STEPS: [Step; 7] = [
    Step::Claimed,
    Step::Created,
    Step::Copied,
    Step::Compared,
    Step::Completed,
    Step::MovedAside,
    Step::Replaced,
];

/// A folder with a file of dynoxide.
struct OldFolder {
    folder: TempDir,
    path: PathBuf,
}

impl OldFolder {
    fn new() -> Self {
        Self::with("")
    }

    /// A folder with the fixture after more SQL.
    fn with(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tintero.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .unwrap();
        connection.execute_batch(DYNOXIDE).unwrap();
        connection.execute_batch(sql).unwrap();
        Self { folder, path }
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("tintero.db.before-engine-2")
    }

    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let names = entries.map(name);
        names.map(|name| name.into_string().unwrap()).collect()
    }

    /// Checks that the takeover is complete, that both files have the same content, and that no other
    /// file is left.
    fn assert_taken_over(&self) {
        let names = ["tintero.db", "tintero.db.before-engine-2"];
        assert_eq!(self.names(), names.map(str::to_owned).into());
        let old = OldFile::claim(&self.kept()).unwrap();
        let tables = old.tables().unwrap();
        assert_eq!(tables.len(), 2);
        let new = store::open_unsynced(&self.path).unwrap();
        comparison::compare(&old, &tables, &new).unwrap();
        drop(new);
        let counts = SqlDatabase::file(&self.path)
            .unwrap()
            .read(store::SqlSession::count_all_items)
            .unwrap();
        let counts: Vec<_> = counts.into_values().collect();
        assert_eq!(counts, [8, 4]);
    }

    /// Checks that the file of dynoxide is still there and can still be taken over.
    fn assert_unchanged(&self) {
        assert!(OldFile::is_at(&self.path).unwrap());
        assert!(!self.kept().exists());
        take_over_if_needed(&self.path).unwrap();
        self.assert_taken_over();
    }
}

fn open_partial(path: &Path) -> Connection {
    Connection::open(format!("{}.takeover.partial", path.display())).unwrap()
}

#[test]
fn a_file_of_dynoxide_is_taken_over() {
    let folder = OldFolder::new();
    take_over_if_needed(&folder.path).unwrap();
    folder.assert_taken_over();
}

#[test]
fn a_crash_at_any_step_loses_nothing() {
    for step in STEPS {
        let folder = OldFolder::new();
        let crash = |reached| assert_ne!(reached, step, "intended crash");
        let crashed = catch_unwind(AssertUnwindSafe(|| take_over(&folder.path, crash)));
        assert!(crashed.is_err(), "{step:?} was not reached");
        take_over_if_needed(&folder.path).unwrap();
        folder.assert_taken_over();
    }
}

#[test]
fn every_open_after_a_crash_sees_all_data() {
    // The crash after the old file was moved aside leaves no file with the name of the database.
    let folder = OldFolder::new();
    let crash = |reached| assert_ne!(reached, Step::MovedAside, "intended crash");
    let crashed = catch_unwind(AssertUnwindSafe(|| take_over(&folder.path, crash)));
    assert!(crashed.is_err());
    assert!(!folder.path.exists());
    let engine = crate::Engine::file(&folder.path).unwrap();
    drop(engine);
    folder.assert_taken_over();
}

#[test]
fn a_difference_between_the_files_is_found() {
    let changes = [
        "DELETE FROM keys_1 WHERE sk = 'META' AND pk = 'POST#1'",
        "DELETE FROM keys_2 WHERE sk = 'text'",
        "UPDATE items_1 SET item = replace(item, 'tintero', 'tintera') \
         WHERE id = (SELECT item_id FROM keys_1 WHERE pk = 'POST#3')",
        "UPDATE items_1 SET size = size + 1 \
         WHERE id = (SELECT item_id FROM keys_1 WHERE pk = 'POST#3')",
        "UPDATE keys_1 SET sk = 'METB' WHERE pk = 'POST#3'",
        "INSERT INTO keys_2 SELECT pk, 'zzz', item_id FROM keys_2 WHERE sk = 'text'",
        "DELETE FROM index_1_0 WHERE pk = 'POST#6'",
        "UPDATE index_1_1 SET index_sk = '2026-11-09' WHERE pk = 'POST#6'",
        "UPDATE index_1_2 SET item_id = item_id + 1 WHERE pk = 'POST#4'",
        "DELETE FROM catalog WHERE id = 2",
    ];
    for change in changes {
        let folder = OldFolder::new();
        let tamper = |reached| {
            if reached == Step::Copied {
                assert_eq!(
                    open_partial(&folder.path).execute(change, []),
                    Ok(1),
                    "{change}"
                );
            }
        };
        let error = take_over(&folder.path, tamper).unwrap_err();
        assert!(
            matches!(error, EngineError::NotTakenOver { .. }),
            "{change}: {error:?}"
        );
        folder.assert_unchanged();
    }
}

#[test]
fn an_item_that_cannot_be_read_stops_the_takeover() {
    let folder =
        OldFolder::with(r#"UPDATE "tintero-posts" SET item_json = '{"pk":' WHERE pk = 'S:POST#4'"#);
    let error = take_over_if_needed(&folder.path).unwrap_err();
    assert!(
        matches!(error, EngineError::NotTakenOver { .. }),
        "{error:?}"
    );
    assert!(OldFile::is_at(&folder.path).unwrap());
    assert!(!folder.names().iter().any(|name| name.ends_with(".partial")));
}

#[test]
fn a_takeover_in_another_process_is_not_disturbed() {
    let folder = OldFolder::new();
    let lock = TakeoverFiles::of(&folder.path).lock().unwrap();
    let error = take_over_if_needed(&folder.path).unwrap_err();
    assert!(matches!(error, EngineError::Locked { .. }), "{error:?}");
    drop(lock);
    folder.assert_unchanged();
}

#[test]
fn a_file_in_use_by_an_earlier_version_is_not_taken_over() {
    let folder = OldFolder::new();
    let server = Connection::open(&folder.path).unwrap();
    server
        .execute_batch("BEGIN; SELECT count(*) FROM _tables")
        .unwrap();
    let error = take_over_if_needed(&folder.path).unwrap_err();
    assert!(matches!(error, EngineError::Locked { .. }), "{error:?}");
    drop(server);
    folder.assert_unchanged();
}

#[test]
fn a_kept_file_is_never_replaced() {
    let folder = OldFolder::new();
    fs::write(folder.kept(), "another file").unwrap();
    take_over_if_needed(&folder.path).unwrap();
    assert_eq!(fs::read_to_string(folder.kept()).unwrap(), "another file");
    assert!(folder.names().contains("tintero.db.before-engine-2-2"));
}

#[test]
fn a_disk_with_too_little_space_is_refused() {
    let folder = OldFolder::new();
    let files = TakeoverFiles::of(&folder.path);
    files.check_space(1).unwrap();
    let refused = files.check_space(u64::MAX);
    assert_eq!(refused.is_err(), cfg!(unix));
    if let Err(error) = refused {
        let error = TakeoverFailure::from(error).in_file(&folder.path);
        assert!(matches!(error, EngineError::NoSpace { .. }), "{error:?}");
    }
}

#[test]
fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tintero.db");
    take_over_if_needed(&path).unwrap();
    drop(SqlDatabase::file(&path).unwrap());
    take_over_if_needed(&path).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_new_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = OldFolder::new();
    take_over_if_needed(&folder.path).unwrap();
    let mode = fs::metadata(&folder.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
