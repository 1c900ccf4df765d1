use std::{collections::BTreeSet, fmt};

use aws_sdk_dynamodb::{
    Client, Error,
    types::{
        AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
        GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, PointInTimeRecoverySpecification,
        Projection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
        TimeToLiveSpecification,
    },
};
use serde::Deserialize;

use super::verify::{Aspect, ON, TableFacts, TableSetting, index_fact, key_fact};

/// Partition and sort key attribute of every table.
const PK: &str = "pk";
const SK: &str = "sk";

const COMPLETE: &str = "every required field is set";

/// An idempotent change of a table, which is named without the prefix.
///
/// A step describes only the result, so a later run recognises the steps of a run that crashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MigrationStep {
    pub(super) table: String,
    pub(super) change: TableChange,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TableChange {
    /// Creates a table with keys `pk` and `sk`, billed on demand.
    Create(Vec<IndexDeclaration>),
    AddIndex(IndexDeclaration),
    /// Switches a setting on or off, or sets its value.
    Set(TableSetting, String),
}

/// A global secondary index with string keys that projects every attribute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndexDeclaration {
    pub(super) name: String,
    hash: String,
    range: String,
}

impl MigrationStep {
    /// The step in words, for the table with the full name `table`.
    pub(super) fn describe(&self, table: &str) -> String {
        match &self.change {
            TableChange::Create(indexes) if indexes.is_empty() => format!("create table {table}"),
            TableChange::Create(indexes) => {
                let names: Vec<_> = indexes.iter().map(|index| index.name.as_str()).collect();
                format!("create table {table} with indexes {}", names.join(", "))
            }
            TableChange::AddIndex(IndexDeclaration { name, hash, range }) => {
                format!("add index {name} ({hash}, {range}) to table {table}")
            }
            TableChange::Set(setting, value) => {
                format!("set {setting} of table {table} to {value}")
            }
        }
    }

    /// Requests the change of the table with the full name `table`.
    pub(super) async fn request(&self, client: &Client, table: &str) -> Result<(), Error> {
        let update = client.update_table().table_name(table);
        match &self.change {
            TableChange::Create(indexes) => {
                let create = client
                    .create_table()
                    .table_name(table)
                    .billing_mode(BillingMode::PayPerRequest)
                    .set_key_schema(Some(key_schema(PK, SK)))
                    .set_attribute_definitions(Some(attributes(&[PK, SK], indexes)))
                    // DynamoDB rejects an empty list.
                    .set_global_secondary_indexes(
                        (!indexes.is_empty()).then(|| indexes.iter().map(index).collect()),
                    );
                create.send().await?;
            }
            TableChange::AddIndex(index) => {
                let update = update
                    .set_attribute_definitions(Some(attributes(&[], std::slice::from_ref(index))))
                    .global_secondary_index_updates(index_creation(index));
                update.send().await?;
            }
            TableChange::Set(TableSetting::Stream, view) => {
                let stream = StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::from(view.as_str()));
                let stream = stream.build().expect(COMPLETE);
                update.stream_specification(stream).send().await?;
            }
            TableChange::Set(TableSetting::TimeToLive, attribute) => {
                let ttl = TimeToLiveSpecification::builder()
                    .enabled(true)
                    .attribute_name(attribute);
                let ttl = ttl.build().expect(COMPLETE);
                let update = client.update_time_to_live().table_name(table);
                update.time_to_live_specification(ttl).send().await?;
            }
            TableChange::Set(TableSetting::DeletionProtection, value) => {
                let update = update.deletion_protection_enabled(value == ON);
                update.send().await?;
            }
            TableChange::Set(TableSetting::PointInTimeRecovery, value) => {
                let recovery = PointInTimeRecoverySpecification::builder()
                    .point_in_time_recovery_enabled(value == ON);
                let recovery = recovery.build().expect(COMPLETE);
                let update = client.update_continuous_backups().table_name(table);
                let update = update.point_in_time_recovery_specification(recovery);
                update.send().await?;
            }
        }
        Ok(())
    }
}

impl TableChange {
    /// The facts that are true of the table after the change.
    pub(super) fn facts(&self) -> TableFacts {
        match self {
            Self::Create(indexes) => {
                let own = [
                    (Aspect::KeySchema, key_fact(&[(PK, "S"), (SK, "S")])),
                    (Aspect::Billing, "on demand".to_owned()),
                ];
                let indexes = indexes.iter().map(IndexDeclaration::fact);
                own.into_iter().chain(indexes).collect()
            }
            Self::AddIndex(index) => [index.fact()].into(),
            Self::Set(setting, value) => [(Aspect::Setting(*setting), value.clone())].into(),
        }
    }
}

impl IndexDeclaration {
    fn fact(&self) -> (Aspect, String) {
        let key = key_fact(&[(&self.hash, "S"), (&self.range, "S")]);
        (Aspect::Index(self.name.clone()), index_fact(&key, "ALL"))
    }
}

impl fmt::Display for MigrationStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&self.table))
    }
}

fn key_schema(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    let element = |(name, kind)| {
        let element = KeySchemaElement::builder().attribute_name(name);
        element.key_type(kind).build().expect(COMPLETE)
    };
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .map(element)
        .into()
}

/// Each key attribute once: DynamoDB rejects repetitions.
fn attributes(own: &[&str], indexes: &[IndexDeclaration]) -> Vec<AttributeDefinition> {
    let keys = indexes.iter().flat_map(|index| [&index.hash, &index.range]);
    let keys = keys.map(String::as_str);
    let names: BTreeSet<_> = own.iter().copied().chain(keys).collect();
    let string = |name| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect(COMPLETE)
    };
    names.into_iter().map(string).collect()
}

fn index(index: &IndexDeclaration) -> GlobalSecondaryIndex {
    let definition = GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(key_schema(&index.hash, &index.range)))
        .projection(every_attribute());
    definition.build().expect(COMPLETE)
}

fn index_creation(index: &IndexDeclaration) -> GlobalSecondaryIndexUpdate {
    let create = CreateGlobalSecondaryIndexAction::builder()
        .index_name(&index.name)
        .set_key_schema(Some(key_schema(&index.hash, &index.range)))
        .projection(every_attribute());
    let create = create.build().expect(COMPLETE);
    GlobalSecondaryIndexUpdate::builder().create(create).build()
}

fn every_attribute() -> Projection {
    Projection::builder()
        .projection_type(ProjectionType::All)
        .build()
}
