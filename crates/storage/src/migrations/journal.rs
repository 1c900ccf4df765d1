use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    types::{AttributeValue, Put, TransactWriteItem},
};
use serde::{Deserialize, Serialize};
use tintero_domain::values::Timestamp;

use super::{
    Migration, MigrationError, MigrationId,
    keys::{self, JOURNAL, PK, SK},
    lock::Lease,
};

/// How far a migration has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Begun; if nobody holds the lock, the run died.
    Running,
    /// Complete.
    Done,
    /// Stopped by an error; the next `up` begins it again.
    Failed,
}

/// What the database remembers about one migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// SHA-256 of the file as it was applied, in hexadecimal.
    pub checksum: String,
    /// How far it has come.
    pub progress: Progress,
    /// Who ran it.
    pub operator: String,
    /// Version of the binary that ran it.
    pub binary: String,
    /// Begin of the last run.
    pub started_at: Timestamp,
    /// End of the last run, unless it is going on or died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// Why the last run failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Steps that the engine could not do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_supported: Vec<String>,
}

impl JournalEntry {
    pub(super) fn begun(migration: &Migration, operator: &str, now: Timestamp) -> Self {
        Self {
            id: migration.id.clone(),
            checksum: migration.checksum.clone(),
            progress: Progress::Running,
            operator: operator.to_owned(),
            binary: super::BINARY.to_owned(),
            started_at: now,
            finished_at: None,
            error: None,
            not_supported: Vec::new(),
        }
    }

    pub(super) fn done(mut self, not_supported: Vec<String>, now: Timestamp) -> Self {
        self.progress = Progress::Done;
        self.finished_at = Some(now);
        self.not_supported = not_supported;
        self
    }

    pub(super) fn failed(mut self, error: &MigrationError, now: Timestamp) -> Self {
        self.progress = Progress::Failed;
        self.finished_at = Some(now);
        self.error = Some(error.chain());
        self
    }
}

/// The journal's partition of `<prefix>-schema_migrations`.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    client: Client,
    table: String,
}

impl Journal {
    pub(super) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Every entry by version; none where the table has not been made yet.
    pub(super) async fn read(&self) -> Result<BTreeMap<u32, JournalEntry>, MigrationError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :journal")
            .expression_attribute_values(":journal", AttributeValue::S(JOURNAL.to_owned()));
        let items = query.into_paginator().items().send().try_collect().await;
        match items {
            Ok(items) => items.into_iter().map(decode).collect(),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(BTreeMap::new()),
            Err(error) => Err(MigrationError::database(
                format!("read table {}", self.table),
                error,
            )),
        }
    }

    /// Writes `entry`, unless somebody else has taken the lock since.
    pub(super) async fn write(
        &self,
        lease: &Lease<'_>,
        entry: &JournalEntry,
    ) -> Result<(), MigrationError> {
        let mut item: HashMap<_, _> =
            serde_dynamo::to_item(entry).expect("every field has a form in DynamoDB");
        item.insert(PK.to_owned(), AttributeValue::S(JOURNAL.to_owned()));
        item.insert(
            SK.to_owned(),
            AttributeValue::S(keys::entry(entry.id.version)),
        );
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .build();
        let put = put.expect("table and item are set");
        lease
            .write(TransactWriteItem::builder().put(put).build())
            .await
    }
}

fn decode(item: HashMap<String, AttributeValue>) -> Result<(u32, JournalEntry), MigrationError> {
    let key = item
        .get(SK)
        .and_then(|key| key.as_s().ok())
        .cloned()
        .unwrap_or_default();
    let entry: JournalEntry =
        serde_dynamo::from_item(item).map_err(|source| MigrationError::Journal {
            entry: key,
            source: source.into(),
        })?;
    Ok((entry.id.version, entry))
}
