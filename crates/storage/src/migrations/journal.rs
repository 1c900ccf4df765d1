use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    types::{AttributeValue, Put, TransactWriteItem},
};
use serde::{Deserialize, Serialize};
use tintero_domain::values::Timestamp;

use super::{
    MigrationError, MigrationId, MigrationSet,
    declaration::Migration,
    lock::{HeldLock, MigrationLock},
};

/// Version of this binary.
const BINARY: &str = env!("CARGO_PKG_VERSION");

/// Partition of the journal: one item per migration.
const PARTITION: &str = "JOURNAL";

/// Progress of a migration in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalProgress {
    /// Started. If the lock is free, the run crashed.
    Running,
    /// Complete.
    Done,
    /// Stopped by an error. The next `up` starts it again.
    Failed,
}

/// The journal item of one migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// SHA-256 of the applied file, in hexadecimal.
    pub checksum: String,
    /// Progress of the last run.
    pub progress: JournalProgress,
    /// Operator of the last run.
    pub operator: String,
    /// Version of the binary of the last run.
    pub binary: String,
    /// Start of the last run.
    pub started_at: Timestamp,
    /// End of the last run; absent while it runs and after a crash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// Error of the last run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Skipped steps that the engine does not support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_supported: Vec<String>,
}

impl JournalEntry {
    pub(super) fn start(migration: &Migration, operator: &str, now: Timestamp) -> Self {
        Self {
            id: migration.id.clone(),
            checksum: migration.checksum.clone(),
            progress: JournalProgress::Running,
            operator: operator.to_owned(),
            binary: BINARY.to_owned(),
            started_at: now,
            finished_at: None,
            error: None,
            not_supported: Vec::new(),
        }
    }
}

/// State of one migration: the file of this binary compared with the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationStatus {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// Its state.
    pub state: MigrationState,
    /// Its journal entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<JournalEntry>,
}

/// State of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationState {
    /// Not started.
    Pending,
    /// Started. If the lock is free, the run crashed and `up` starts it again.
    Running,
    /// Stopped by an error. `up` starts it again.
    Failed,
    /// Complete.
    Done,
    /// Complete, but the file changed afterwards.
    Drifted,
    /// In the journal only: applied by a newer binary.
    Unknown,
}

impl fmt::Display for MigrationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            MigrationState::Pending => "pending",
            MigrationState::Running => "running",
            MigrationState::Failed => "failed",
            MigrationState::Done => "done",
            MigrationState::Drifted => "file changed",
            MigrationState::Unknown => "unknown here",
        };
        write!(f, "{state:<14}{}", self.id)?;
        let Some(entry) = &self.entry else {
            return Ok(());
        };
        let when = entry.finished_at.unwrap_or(entry.started_at);
        write!(f, "  {when} by {} with {}", entry.operator, entry.binary)?;
        let error = entry.error.as_ref();
        error.map_or(Ok(()), |error| write!(f, ": {error}"))
    }
}

/// The journal as read, by version.
pub(super) struct Journal(BTreeMap<u32, JournalEntry>);

impl Journal {
    /// Reads the journal of `<prefix>-schema_migrations`; empty if the table does not exist.
    pub(super) async fn read(lock: &MigrationLock) -> Result<Self, MigrationError> {
        let query = lock
            .client
            .query()
            .table_name(&lock.table)
            .consistent_read(true)
            .key_condition_expression("pk = :journal")
            .expression_attribute_values(":journal", AttributeValue::S(PARTITION.to_owned()));
        let items = query.into_paginator().items().send().try_collect().await;
        match items {
            Ok(items) => items
                .into_iter()
                .map(decode)
                .collect::<Result<_, _>>()
                .map(Self),
            Err(error) if error.code() == Some("ResourceNotFoundException") => {
                Ok(Self(BTreeMap::new()))
            }
            Err(error) => Err(MigrationError::database(
                format!("read table {}", lock.table),
                error,
            )),
        }
    }

    /// The states of the migrations of `set`, then of those that exist only in the journal.
    pub(super) fn statuses(&self, set: &MigrationSet) -> Vec<MigrationStatus> {
        let known = set.migrations.iter().map(|it| self.status(it));
        known
            .chain(self.unknown(set).map(|entry| MigrationStatus {
                id: entry.id.clone(),
                state: MigrationState::Unknown,
                entry: Some(entry.clone()),
            }))
            .collect()
    }

    /// The migrations to apply.
    ///
    /// # Errors
    /// [`MigrationError::Ahead`] and [`MigrationError::Drift`].
    pub(super) fn pending<'a>(
        &self,
        set: &'a MigrationSet,
    ) -> Result<Vec<&'a Migration>, MigrationError> {
        let unknown: Vec<_> = self.unknown(set).map(|it| it.id.to_string()).collect();
        if !unknown.is_empty() {
            return Err(MigrationError::Ahead {
                unknown,
                binary: BINARY,
            });
        }
        let mut pending = Vec::new();
        for migration in &set.migrations {
            let MigrationStatus { state, entry, .. } = self.status(migration);
            match (state, entry) {
                (MigrationState::Drifted, Some(entry)) => {
                    return Err(MigrationError::Drift {
                        migration: migration.id.to_string(),
                        applied: entry.checksum,
                        file: migration.checksum.clone(),
                    });
                }
                (MigrationState::Done, _) => {}
                _ => pending.push(migration),
            }
        }
        Ok(pending)
    }

    fn status(&self, migration: &Migration) -> MigrationStatus {
        let entry = self.0.get(&migration.id.version);
        let state = entry.map_or(MigrationState::Pending, |entry| match entry.progress {
            JournalProgress::Running => MigrationState::Running,
            JournalProgress::Failed => MigrationState::Failed,
            JournalProgress::Done if entry.checksum != migration.checksum => {
                MigrationState::Drifted
            }
            JournalProgress::Done => MigrationState::Done,
        });
        MigrationStatus {
            id: migration.id.clone(),
            state,
            entry: entry.cloned(),
        }
    }

    fn unknown(&self, set: &MigrationSet) -> impl Iterator<Item = &JournalEntry> {
        // Versions have no gaps.
        let known = set.migrations.len();
        let is_unknown = move |entry: &&JournalEntry| entry.id.version as usize > known;
        self.0.values().filter(is_unknown)
    }
}

impl HeldLock<'_> {
    /// Writes a journal entry; fails with [`MigrationError::LockLost`] if another run has the lock.
    pub(super) async fn write_entry(&self, entry: &JournalEntry) -> Result<(), MigrationError> {
        let mut item: HashMap<_, _> =
            serde_dynamo::to_item(entry).expect("every field has a form in DynamoDB");
        item.insert("pk".to_owned(), AttributeValue::S(PARTITION.to_owned()));
        let version = format!("{:04}", entry.id.version);
        item.insert("sk".to_owned(), AttributeValue::S(version));
        let put = Put::builder().table_name(self.table()).set_item(Some(item));
        let put = put.build().expect("table and item are set");
        self.write(TransactWriteItem::builder().put(put).build())
            .await
    }
}

fn decode(item: HashMap<String, AttributeValue>) -> Result<(u32, JournalEntry), MigrationError> {
    let key = item.get("sk").and_then(|key| key.as_s().ok()).cloned();
    let entry: JournalEntry =
        serde_dynamo::from_item(item).map_err(|source| MigrationError::Journal {
            entry: key.unwrap_or_default(),
            source: source.into(),
        })?;
    Ok((entry.id.version, entry))
}
