//! Reads live tables as [`TableFacts`].

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    Client, Error,
    error::ProvideErrorMetadata,
    types::{
        BillingMode, IndexStatus, KeySchemaElement, KeyType, PointInTimeRecoveryStatus,
        ProjectionType, TableDescription, TableStatus, TimeToLiveStatus,
    },
};

use super::{
    MigrationError,
    step::TableChange,
    verify::{Aspect, NOT_SUPPORTED, OFF, TableFacts, TableSetting, index_fact, key_fact, switch},
};

/// Reads the facts that `change` sets; `None` if the table does not exist.
pub(super) async fn facts_for(
    client: &Client,
    table: &str,
    change: &TableChange,
) -> Result<Option<TableFacts>, MigrationError> {
    match change {
        TableChange::Set(TableSetting::TimeToLive, _) => time_to_live(client, table).await,
        TableChange::Set(TableSetting::PointInTimeRecovery, _) => backups(client, table).await,
        _ => Ok(describe(client, table).await?.map(|it| table_facts(&it))),
    }
}

/// Reads all facts of a table; `None` if it does not exist.
pub(super) async fn all_facts(
    client: &Client,
    table: &str,
) -> Result<Option<TableFacts>, MigrationError> {
    let Some(description) = describe(client, table).await? else {
        return Ok(None);
    };
    let mut facts = table_facts(&description);
    facts.extend(time_to_live(client, table).await?.unwrap_or_default());
    facts.extend(backups(client, table).await?.unwrap_or_default());
    Ok(Some(facts))
}

/// Whether a table and all its indexes are active.
///
/// # Errors
/// [`MigrationError::Stuck`] if one is in a status that it does not leave without an operator.
pub(super) async fn is_active(client: &Client, table: &str) -> Result<bool, MigrationError> {
    let Some(description) = describe(client, table).await? else {
        return Ok(false);
    };
    let status = description.table_status().map(TableStatus::as_str);
    let indexes = description.global_secondary_indexes().iter().map(|index| {
        let name = format!("index {}", index.index_name().unwrap_or_default());
        (name, index.index_status().map(IndexStatus::as_str))
    });
    let mut active = true;
    for (name, status) in indexes.chain([(format!("table {table}"), status)]) {
        match status {
            Some("ACTIVE") => {}
            Some("CREATING" | "UPDATING") | None => active = false,
            Some(other) => {
                return Err(MigrationError::Stuck {
                    name,
                    status: other.to_owned(),
                });
            }
        }
    }
    Ok(active)
}

async fn describe(
    client: &Client,
    table: &str,
) -> Result<Option<TableDescription>, MigrationError> {
    match client.describe_table().table_name(table).send().await {
        Ok(response) => Ok(response.table),
        Err(error) => absent_or(format!("describe table {table}"), error.into()),
    }
}

async fn time_to_live(client: &Client, table: &str) -> Result<Option<TableFacts>, MigrationError> {
    let request = client.describe_time_to_live().table_name(table);
    let description = match request.send().await {
        Ok(response) => response.time_to_live_description,
        Err(error) => return absent_or(format!("describe the TTL of {table}"), error.into()),
    };
    let enabled = description.filter(|description| {
        matches!(
            description.time_to_live_status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        )
    });
    let attribute = enabled.and_then(|description| description.attribute_name);
    let fact = attribute.unwrap_or_else(|| OFF.to_owned());
    let aspect = Aspect::Setting(TableSetting::TimeToLive);
    Ok(Some([(aspect, fact)].into()))
}

async fn backups(client: &Client, table: &str) -> Result<Option<TableFacts>, MigrationError> {
    let request = client.describe_continuous_backups().table_name(table);
    let fact = match request.send().await {
        Ok(response) => {
            let status = response
                .continuous_backups_description
                .and_then(|backups| backups.point_in_time_recovery_description)
                .and_then(|recovery| recovery.point_in_time_recovery_status);
            switch(status == Some(PointInTimeRecoveryStatus::Enabled))
        }
        Err(error) if error.code() == Some("UnknownOperationException") => NOT_SUPPORTED.to_owned(),
        Err(error) => return absent_or(format!("describe the backups of {table}"), error.into()),
    };
    let aspect = Aspect::Setting(TableSetting::PointInTimeRecovery);
    Ok(Some([(aspect, fact)].into()))
}

fn absent_or<T>(action: String, error: Error) -> Result<Option<T>, MigrationError> {
    match error.code() {
        Some("ResourceNotFoundException" | "TableNotFoundException") => Ok(None),
        _ => Err(MigrationError::database(action, error)),
    }
}

fn table_facts(table: &TableDescription) -> TableFacts {
    let types: BTreeMap<_, _> = table
        .attribute_definitions()
        .iter()
        .map(|it| (it.attribute_name(), it.attribute_type().as_str()))
        .collect();
    let billing = table
        .billing_mode_summary()
        .and_then(|it| it.billing_mode());
    let billing = match billing {
        Some(BillingMode::PayPerRequest) => "on demand",
        _ => "provisioned",
    };
    let stream = table
        .stream_specification()
        .filter(|stream| stream.stream_enabled())
        .and_then(|stream| stream.stream_view_type())
        .map_or(OFF, |view| view.as_str());
    // AWS always returns this field; an engine that omits it has no such protection.
    let is_protected = table.deletion_protection_enabled();
    let protection = is_protected.map_or_else(|| NOT_SUPPORTED.to_owned(), switch);
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        let kind = index.projection().and_then(|it| it.projection_type());
        let fact = index_fact(
            &live_key(index.key_schema(), &types),
            kind.map_or("unknown", ProjectionType::as_str),
        );
        let name = index.index_name().unwrap_or_default();
        (Aspect::Index(name.to_owned()), fact)
    });
    let own = [
        (Aspect::KeySchema, live_key(table.key_schema(), &types)),
        (Aspect::Billing, billing.to_owned()),
        (Aspect::Setting(TableSetting::Stream), stream.to_owned()),
        (
            Aspect::Setting(TableSetting::DeletionProtection),
            protection,
        ),
    ];
    own.into_iter().chain(indexes).collect()
}

fn live_key(schema: &[KeySchemaElement], types: &BTreeMap<&str, &str>) -> String {
    let part = |kind: KeyType| {
        let parts = schema.iter().filter(move |part| part.key_type() == &kind);
        parts.map(|part| {
            let name = part.attribute_name();
            (name, types.get(name).copied().unwrap_or("?"))
        })
    };
    let parts: Vec<_> = part(KeyType::Hash).chain(part(KeyType::Range)).collect();
    key_fact(&parts)
}
