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

/// A clock that moves when it is told to, and ids that count.
pub(super) struct Fate {
    millis: AtomicI64,
    ids: AtomicU64,
}

impl Fate {
    pub(super) fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Fate {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::Relaxed))
    }
}

impl Ids for Fate {
    fn next(&self) -> Uuid {
        Uuid::from_u64_pair(0, self.ids.fetch_add(1, Ordering::Relaxed))
    }
}

/// An empty database behind a wire.
pub(super) struct Stage {
    pub(super) wire: Wire,
    pub(super) fate: Arc<Fate>,
}

impl Stage {
    pub(super) fn new() -> Self {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        Self {
            wire: database::empty(),
            fate: Arc::new(Fate {
                millis: AtomicI64::new(start.as_millis()),
                ids: AtomicU64::new(1),
            }),
        }
    }

    /// A stage on which every migration of the folder has been applied.
    pub(super) async fn migrated() -> Self {
        let stage = Self::new();
        stage.migrator("ana").up().await.unwrap();
        stage
    }

    pub(super) fn client(&self) -> Client {
        client::embedded(self.wire.http_client()).migrations
    }

    /// A migrator with the files of the folder.
    pub(super) fn migrator(&self, operator: &str) -> Migrator {
        self.migrator_over(self.wire.http_client(), operator)
    }

    /// The same over another connection to this database.
    pub(super) fn migrator_over(&self, http: SharedHttpClient, operator: &str) -> Migrator {
        let client = client::embedded(http).migrations;
        Migrator::new(
            client,
            "tintero",
            operator,
            Arc::clone(&self.fate) as Arc<dyn Clock>,
            Arc::clone(&self.fate) as Arc<dyn Ids>,
        )
    }
}

/// One table with everything that a table can have.
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
