//! Groups of writes: what becomes of each write when another one, or the commit, fails.

use std::path::Path;

use tokio::sync::oneshot::Receiver;

use super::group::{self, Job, QueuedWrite};
use super::*;
use crate::api_error::RequestError;
use crate::item::{Key, KeyAttribute, KeyRole, KeySchema};

const TABLE: &str = "posts";

/// A violated foreign key of this table fails the commit, not the statement.
const DEFERRED_CONSTRAINT: &str = "
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO child VALUES (1);";

/// A database file with one table: the session of the writer, and one that reads.
struct Stage {
    writer: SqlSession,
    reader: SqlSession,
    _folder: tempfile::TempDir,
}

type Outcome = Result<(), RequestFailure>;
type TestWrite = Box<dyn FnOnce(&SqlSession) -> Outcome + Send>;

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tintero.db");
        let stage = Self {
            writer: opening::writer(&path).unwrap(),
            reader: opening::reader(&path).unwrap(),
            _folder: folder,
        };
        let attribute = |name: &str| KeyAttribute {
            name: name.to_owned(),
            kind: KeyRole::S,
        };
        let definition = TableDefinition {
            key: KeySchema {
                partition: attribute("pk"),
                sort: Some(attribute("sk")),
            },
            indexes: Vec::new(),
            next_index: 0,
            time_to_live: None,
            stream_view: None,
            is_protected: false,
            created_at: 0,
        };
        let create = |session: &SqlSession| session.create_table(TABLE, definition).map(drop);
        let created = stage.commit(vec![Box::new(create)]);
        assert!(created[0].is_ok());
        stage
    }

    /// Commits a group and returns the outcome of each write.
    fn commit(&self, writes: Vec<TestWrite>) -> Vec<Outcome> {
        let (jobs, outcomes): (Vec<Box<dyn Job>>, Vec<Receiver<Outcome>>) = writes
            .into_iter()
            .map(|write| {
                let (job, outcome) = QueuedWrite::new(write);
                (Box::new(job) as Box<dyn Job>, outcome)
            })
            .unzip();
        group::commit(&self.writer, jobs);
        let outcomes = outcomes.into_iter();
        outcomes
            .map(|outcome| outcome.blocking_recv().unwrap())
            .collect()
    }

    fn has(&self, name: &str) -> bool {
        has(&self.reader, name)
    }
}

fn has(session: &SqlSession, name: &str) -> bool {
    let table = session.table(TABLE).unwrap();
    session.get(&table, &key(name)).unwrap().is_some()
}

fn key(name: &str) -> Key {
    Key {
        partition: name.to_owned(),
        sort: "META".to_owned(),
    }
}

fn put(session: &SqlSession, name: &str) -> Outcome {
    let item = StoredItem {
        json: "{}".to_owned(),
        size: 2,
    };
    session
        .insert(&*session.table(TABLE)?, &key(name), &item, None)
        .map(drop)
}

fn putting(name: &'static str) -> TestWrite {
    Box::new(move |session| put(session, name))
}

#[test]
fn the_writes_of_a_group_are_committed_together() {
    let stage = Stage::new();
    let reader = opening::reader(Path::new(stage.writer.connection.path().unwrap())).unwrap();
    let look: TestWrite = Box::new(move |session| {
        assert!(has(session, "first"), "a write sees those before it");
        assert!(!has(&reader, "first"), "a read sees only what is committed");
        Ok(())
    });
    let outcomes = stage.commit(vec![putting("first"), look, putting("second")]);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert!(stage.has("first") && stage.has("second"));
}

#[test]
fn a_refused_write_is_rolled_back_alone() {
    let stage = Stage::new();
    let refused: TestWrite = Box::new(|session| {
        put(session, "refused")?;
        Err(RequestError::validation("refused").into())
    });
    let outcomes = stage.commit(vec![putting("before"), refused, putting("after")]);
    assert!(matches!(
        outcomes[..],
        [Ok(()), Err(RequestFailure::Refused(_)), Ok(())]
    ));
    assert!(stage.has("before") && stage.has("after"));
    assert!(!stage.has("refused"));
}

#[test]
fn a_write_that_panics_is_rolled_back_alone() {
    let stage = Stage::new();
    let panicking: TestWrite = Box::new(|session| {
        put(session, "panicking")?;
        panic!("intended panic")
    });
    let outcomes = stage.commit(vec![putting("before"), panicking, putting("after")]);
    assert!(matches!(
        outcomes[..],
        [Ok(()), Err(RequestFailure::Panicked), Ok(())]
    ));
    assert!(stage.has("before") && stage.has("after"));
    assert!(!stage.has("panicking"));
}

#[test]
fn a_failed_statement_is_rolled_back_alone() {
    let stage = Stage::new();
    let failing: TestWrite = Box::new(|session| {
        put(session, "failing")?;
        Ok(session.execute("INSERT INTO catalog (name) VALUES (NULL)")?)
    });
    let outcomes = stage.commit(vec![putting("before"), failing, putting("after")]);
    assert!(matches!(
        outcomes[..],
        [Ok(()), Err(RequestFailure::Sqlite(_)), Ok(())]
    ));
    assert!(stage.has("before") && stage.has("after"));
    assert!(!stage.has("failing"));
}

#[test]
fn a_failed_commit_fails_every_write_of_its_group() {
    let stage = Stage::new();
    let breaking: TestWrite = Box::new(|session| {
        session.connection.execute_batch(DEFERRED_CONSTRAINT)?;
        Ok(())
    });
    let outcomes = stage.commit(vec![putting("first"), breaking, putting("second")]);
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Err(RequestFailure::Sqlite(_)))),
        "{outcomes:?}"
    );
    assert!(!stage.has("first") && !stage.has("second"));

    let outcomes = stage.commit(vec![putting("later")]);
    assert!(outcomes[0].is_ok(), "the next group is not affected");
    assert!(stage.has("later") && !stage.has("first"));
}

#[test]
fn a_full_database_fails_the_group_and_leaves_it_usable() {
    const LARGE: usize = 1024 * 1024;
    let stage = Stage::new();
    let limit = |pages: i64| {
        let connection = &stage.writer.connection;
        connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .unwrap();
    };
    limit(20);
    let filling: TestWrite = Box::new(|session| {
        let item = StoredItem {
            json: "x".repeat(LARGE),
            size: LARGE,
        };
        session
            .insert(&*session.table(TABLE)?, &key("large"), &item, None)
            .map(drop)
    });
    let outcomes = stage.commit(vec![putting("before"), filling, putting("after")]);
    let Err(RequestFailure::Sqlite(error)) = &outcomes[1] else {
        panic!("{outcomes:?}");
    };
    assert_eq!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DiskFull)
    );
    for (name, outcome) in [("before", &outcomes[0]), ("after", &outcomes[2])] {
        assert_eq!(stage.has(name), outcome.is_ok(), "{name}");
    }
    assert!(!stage.has("large"));

    limit(1_000_000);
    assert!(stage.commit(vec![putting("later")])[0].is_ok());
    assert!(stage.has("later"));
}
