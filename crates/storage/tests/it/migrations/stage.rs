use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{Client, config::SharedHttpClient};
use tintero_domain::{
    clock::{Clock, Ids},
    values::Timestamp,
};
use tintero_embedded::faults::Wire;
use tintero_storage::{
    client,
    migrations::{MigrationSet, Migrator},
};
use uuid::Uuid;

use crate::database;

/// A clock that the test advances.
pub(super) struct TestClock(AtomicI64);

impl TestClock {
    pub(super) fn advance(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// Sequential ids.
#[derive(Default)]
struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn next(&self) -> Uuid {
        Uuid::from_u64_pair(1, self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// An empty database.
pub(super) struct Stage {
    pub(super) wire: Wire,
    pub(super) clock: Arc<TestClock>,
    ids: Arc<TestIds>,
}

impl Stage {
    pub(super) fn new() -> Self {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        Self {
            wire: database::empty(),
            clock: Arc::new(TestClock(AtomicI64::new(start.as_millis()))),
            ids: Arc::default(),
        }
    }

    /// A database with all embedded migrations.
    pub(super) async fn migrated() -> Self {
        let stage = Self::new();
        stage.migrator("ana").up().await.unwrap();
        stage
    }

    pub(super) fn client(&self) -> Client {
        client::embedded(self.wire.http_client()).migrations
    }

    /// A migrator with the embedded files.
    pub(super) fn migrator(&self, operator: &str) -> Migrator {
        self.migrator_over(self.wire.http_client(), operator)
    }

    /// A migrator with another connection to this database.
    pub(super) fn migrator_over(&self, http: SharedHttpClient, operator: &str) -> Migrator {
        let client = client::embedded(http).migrations;
        Migrator::new(
            client,
            "tintero",
            operator,
            self.clock.clone(),
            self.ids.clone(),
        )
    }
}

/// A table with an index and every setting.
pub(super) const NOTES: &str = r#"
description = "Notes"

[[create]]
table = "notes"
ttl = "expires_at"
point_in_time_recovery = true
deletion_protection = true

[[create.index]]
name = "by_state"
hash = "state_key"
range = "created_key"
"#;

/// A change of that table.
pub(super) const CHANGE: &str = r#"
description = "Notes by owner, and a stream of their changes"

[[alter]]
table = "notes"
stream = "new_and_old_images"
deletion_protection = false

[[alter.index]]
name = "by_owner"
hash = "owner_key"
range = "created_key"
"#;

pub(super) fn notes() -> MigrationSet {
    MigrationSet::parse([("0001_notes.toml", NOTES)]).unwrap()
}

pub(super) fn changed_notes() -> MigrationSet {
    MigrationSet::parse([("0001_notes.toml", NOTES), ("0002_change.toml", CHANGE)]).unwrap()
}

pub(super) async fn unprotect(client: &Client, table: &str) {
    let update = client.update_table().table_name(table);
    let update = update.deletion_protection_enabled(false);
    update.send().await.unwrap();
}

pub(super) async fn delete_table(client: &Client, table: &str) {
    let delete = client.delete_table().table_name(table);
    delete.send().await.unwrap();
}
