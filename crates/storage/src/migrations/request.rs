use std::collections::BTreeSet;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{
        AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
        GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, PointInTimeRecoverySpecification,
        Projection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
        TimeToLiveSpecification,
    },
};

use super::{
    Index, MigrationError, Step, StreamView,
    facts::stream_fact,
    keys::{PK, SK},
};

const COMPLETE: &str = "every required field is set";

/// Why a step's request was not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The table is busy with an earlier change: the same request succeeds a little later.
    pub(super) passes: bool,
    pub(super) error: MigrationError,
}

impl Refusal {
    fn of<E>(doing: String, error: SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let passes = matches!(
            error.code(),
            Some(
                "ContinuousBackupsUnavailableException"
                    | "ResourceInUseException"
                    | "LimitExceededException"
            )
        );
        Self {
            passes,
            error: MigrationError::database(doing, error),
        }
    }
}

/// Asks `client` for `step` on the table with the full name `table`.
pub(super) async fn ask(client: &Client, table: &str, step: &Step) -> Result<(), Refusal> {
    let doing = step.words(table);
    let change = client.update_table().table_name(table);
    match step {
        Step::CreateTable { indexes, .. } => {
            let create = client
                .create_table()
                .table_name(table)
                .billing_mode(BillingMode::PayPerRequest)
                .set_key_schema(Some(keys(PK, SK)))
                .set_attribute_definitions(Some(attributes(&[PK, SK], indexes)))
                // An empty list is refused where an absent one is not.
                .set_global_secondary_indexes(
                    (!indexes.is_empty()).then(|| indexes.iter().map(index).collect()),
                );
            done(doing, create.send().await)
        }
        Step::AddIndex { index, .. } => {
            let change = change
                .set_attribute_definitions(Some(attributes(&[], std::slice::from_ref(index))))
                .global_secondary_index_updates(addition(index));
            done(doing, change.send().await)
        }
        Step::SetStream { view, .. } => done(
            doing,
            change.stream_specification(stream(*view)).send().await,
        ),
        Step::SetDeletionProtection { on, .. } => {
            done(doing, change.deletion_protection_enabled(*on).send().await)
        }
        Step::SetTtl { attribute, .. } => {
            let ttl = TimeToLiveSpecification::builder()
                .enabled(true)
                .attribute_name(attribute);
            let ttl = ttl.build().expect(COMPLETE);
            let change = client
                .update_time_to_live()
                .table_name(table)
                .time_to_live_specification(ttl);
            done(doing, change.send().await)
        }
        Step::SetPointInTimeRecovery { on, .. } => {
            let recovery =
                PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(*on);
            let recovery = recovery.build().expect(COMPLETE);
            let change = client.update_continuous_backups().table_name(table);
            done(
                doing,
                change
                    .point_in_time_recovery_specification(recovery)
                    .send()
                    .await,
            )
        }
    }
}

fn done<T, E>(doing: String, answer: Result<T, SdkError<E>>) -> Result<(), Refusal>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    answer.map(drop).map_err(|error| Refusal::of(doing, error))
}

fn keys(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
                .expect(COMPLETE)
        })
        .into()
}

/// Each key attribute once, however many indexes share it: DynamoDB refuses a repetition.
fn attributes(own: &[&str], indexes: &[Index]) -> Vec<AttributeDefinition> {
    let of_indexes = indexes
        .iter()
        .flat_map(|index| [index.hash.as_str(), index.range.as_str()]);
    let names: BTreeSet<_> = own.iter().copied().chain(of_indexes).collect();
    let string = |name| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
    };
    names
        .into_iter()
        .map(|name| string(name).build().expect(COMPLETE))
        .collect()
}

fn index(index: &Index) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(keys(&index.hash, &index.range)))
        .projection(whole())
        .build()
        .expect(COMPLETE)
}

fn addition(index: &Index) -> GlobalSecondaryIndexUpdate {
    let create = CreateGlobalSecondaryIndexAction::builder()
        .index_name(&index.name)
        .set_key_schema(Some(keys(&index.hash, &index.range)))
        .projection(whole())
        .build()
        .expect(COMPLETE);
    GlobalSecondaryIndexUpdate::builder().create(create).build()
}

fn whole() -> Projection {
    Projection::builder()
        .projection_type(ProjectionType::All)
        .build()
}

fn stream(view: StreamView) -> StreamSpecification {
    StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(stream_fact(view).as_str()))
        .build()
        .expect(COMPLETE)
}
