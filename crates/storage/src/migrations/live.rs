use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{
        BillingMode, GlobalSecondaryIndexDescription, IndexStatus, KeySchemaElement, KeyType,
        PointInTimeRecoveryStatus, TableDescription, TableStatus, TimeToLiveStatus,
    },
};

use super::{
    MigrationError,
    facts::{Aspect, Facts, NOT_SUPPORTED, OFF, ON, index_fact, key_fact},
    step::Source,
};

/// Tables as they are, asked of the database.
#[derive(Debug, Clone)]
pub(super) struct Live {
    client: Client,
}

/// Whether a table and its indexes can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    Ready,
    NotYet,
}

impl Live {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The facts that `source` tells about `table`, or nothing if there is no such table.
    pub(super) async fn facts(
        &self,
        table: &str,
        source: Source,
    ) -> Result<Option<Facts>, MigrationError> {
        match source {
            Source::Table => Ok(self
                .describe(table)
                .await?
                .map(|described| table_facts(&described))),
            Source::TimeToLive => self.time_to_live(table).await,
            Source::Backups => self.backups(table).await,
        }
    }

    /// Everything that can be said about `table`.
    pub(super) async fn all_facts(&self, table: &str) -> Result<Option<Facts>, MigrationError> {
        let Some(mut facts) = self.facts(table, Source::Table).await? else {
            return Ok(None);
        };
        facts.extend(
            self.facts(table, Source::TimeToLive)
                .await?
                .unwrap_or_default(),
        );
        facts.extend(
            self.facts(table, Source::Backups)
                .await?
                .unwrap_or_default(),
        );
        Ok(Some(facts))
    }

    /// Whether `table` and all its indexes are active; fails in a state that only a person ends.
    pub(super) async fn readiness(&self, table: &str) -> Result<Readiness, MigrationError> {
        let Some(described) = self.describe(table).await? else {
            return Ok(Readiness::NotYet);
        };
        let indexes = described.global_secondary_indexes();
        let statuses = indexes
            .iter()
            .map(index_status)
            .chain([table_status(table, &described)]);
        let statuses: Vec<_> = statuses.collect::<Result<_, _>>()?;
        let ready = statuses.iter().all(|status| *status == Readiness::Ready);
        Ok(if ready {
            Readiness::Ready
        } else {
            Readiness::NotYet
        })
    }

    /// The description of `table`, or nothing if there is no such table.
    pub(super) async fn describe(
        &self,
        table: &str,
    ) -> Result<Option<TableDescription>, MigrationError> {
        match self.client.describe_table().table_name(table).send().await {
            Ok(answer) => Ok(answer.table),
            Err(error) => absent_or(format!("describe table {table}"), error),
        }
    }

    async fn time_to_live(&self, table: &str) -> Result<Option<Facts>, MigrationError> {
        match self
            .client
            .describe_time_to_live()
            .table_name(table)
            .send()
            .await
        {
            Ok(answer) => {
                let described = answer.time_to_live_description;
                let running = described.filter(|described| {
                    matches!(
                        described.time_to_live_status,
                        Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
                    )
                });
                let attribute = running.and_then(|described| described.attribute_name);
                Ok(Some(Facts::from([(
                    Aspect::TimeToLive,
                    attribute.unwrap_or_else(|| OFF.to_owned()),
                )])))
            }
            Err(error) => absent_or(format!("describe the time to live of {table}"), error),
        }
    }

    async fn backups(&self, table: &str) -> Result<Option<Facts>, MigrationError> {
        let fact = |text: &str| {
            Ok(Some(Facts::from([(
                Aspect::PointInTimeRecovery,
                text.to_owned(),
            )])))
        };
        match self
            .client
            .describe_continuous_backups()
            .table_name(table)
            .send()
            .await
        {
            Ok(answer) => {
                let status = answer
                    .continuous_backups_description
                    .and_then(|backups| backups.point_in_time_recovery_description)
                    .and_then(|recovery| recovery.point_in_time_recovery_status);
                fact(if status == Some(PointInTimeRecoveryStatus::Enabled) {
                    ON
                } else {
                    OFF
                })
            }
            Err(error) if error.code() == Some("UnknownOperationException") => fact(NOT_SUPPORTED),
            Err(error) => absent_or(format!("describe the backups of {table}"), error),
        }
    }
}

fn absent_or<T, E>(doing: String, error: SdkError<E>) -> Result<Option<T>, MigrationError>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match error.code() {
        Some("ResourceNotFoundException" | "TableNotFoundException") => Ok(None),
        _ => Err(MigrationError::database(doing, error)),
    }
}

fn table_facts(table: &TableDescription) -> Facts {
    let types: BTreeMap<&str, &str> = table
        .attribute_definitions()
        .iter()
        .map(|attribute| {
            (
                attribute.attribute_name(),
                attribute.attribute_type().as_str(),
            )
        })
        .collect();
    let billing = table
        .billing_mode_summary()
        .and_then(|billing| billing.billing_mode());
    let on_demand = billing == Some(&BillingMode::PayPerRequest);
    let stream = table
        .stream_specification()
        .filter(|stream| stream.stream_enabled());
    let view = stream
        .and_then(|stream| stream.stream_view_type())
        .map_or(OFF, |view| view.as_str());
    // AWS always answers this field; silence means that the engine has no such protection.
    let protection = table
        .deletion_protection_enabled()
        .map_or(NOT_SUPPORTED, |on| if on { ON } else { OFF });
    let mut facts = Facts::from([
        (Aspect::Key, live_key(table.key_schema(), &types)),
        (
            Aspect::Billing,
            if on_demand {
                "on demand"
            } else {
                "provisioned"
            }
            .to_owned(),
        ),
        (Aspect::Stream, view.to_owned()),
        (Aspect::DeletionProtection, protection.to_owned()),
    ]);
    facts.extend(table.global_secondary_indexes().iter().map(|index| {
        let copied = index
            .projection()
            .and_then(|projection| projection.projection_type());
        let fact = index_fact(
            &live_key(index.key_schema(), &types),
            copied.map_or("unknown", |copied| copied.as_str()),
        );
        (
            Aspect::Index(index.index_name().unwrap_or_default().to_owned()),
            fact,
        )
    }));
    facts
}

fn live_key(schema: &[KeySchemaElement], types: &BTreeMap<&str, &str>) -> String {
    let part = |kind: KeyType| {
        schema
            .iter()
            .filter(move |part| part.key_type() == &kind)
            .map(|part| {
                let name = part.attribute_name();
                (name, types.get(name).copied().unwrap_or("?"))
            })
    };
    key_fact(
        &part(KeyType::Hash)
            .chain(part(KeyType::Range))
            .collect::<Vec<_>>(),
    )
}

fn table_status(name: &str, table: &TableDescription) -> Result<Readiness, MigrationError> {
    match table.table_status() {
        Some(TableStatus::Active) => Ok(Readiness::Ready),
        Some(TableStatus::Creating | TableStatus::Updating) | None => Ok(Readiness::NotYet),
        Some(other) => stuck(format!("table {name}"), other.as_str()),
    }
}

fn index_status(index: &GlobalSecondaryIndexDescription) -> Result<Readiness, MigrationError> {
    match index.index_status() {
        Some(IndexStatus::Active) => Ok(Readiness::Ready),
        Some(IndexStatus::Creating | IndexStatus::Updating) | None => Ok(Readiness::NotYet),
        Some(other) => stuck(
            format!("index {}", index.index_name().unwrap_or_default()),
            other.as_str(),
        ),
    }
}

fn stuck(what: String, status: &str) -> Result<Readiness, MigrationError> {
    Err(MigrationError::Stuck {
        what,
        status: status.to_owned(),
    })
}
