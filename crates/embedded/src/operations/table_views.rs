//! Tables as responses describe them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::item::{KeyRole, KeySchema};
use crate::store::Table;

/// The description of a table. Numbers of items are not part of it, because counting reads the table.
pub(super) fn description(table: &Table, status: &str) -> Value {
    let definition = &table.definition;
    let mut view = json!({
        "TableName": table.name,
        "TableStatus": status,
        "TableArn": arn(&table.name),
        "CreationDateTime": definition.created_at,
        "AttributeDefinitions": attribute_definitions(table),
        "KeySchema": key_schema(&definition.key),
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "DeletionProtectionEnabled": definition.is_protected,
    });
    let indexes = definition.indexes.iter().map(|index| {
        json!({
            "IndexName": index.name,
            "IndexStatus": "ACTIVE",
            "IndexArn": format!("{}/index/{}", arn(&table.name), index.name),
            "KeySchema": key_schema(&index.key),
            "Projection": { "ProjectionType": "ALL" },
        })
    });
    let indexes: Vec<_> = indexes.collect();
    if !indexes.is_empty() {
        view["GlobalSecondaryIndexes"] = indexes.into();
    }
    if let Some(stream_view) = &definition.stream_view {
        view["StreamSpecification"] =
            json!({ "StreamEnabled": true, "StreamViewType": stream_view });
    }
    view
}

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:local:000000000000:table/{table}")
}

fn key_schema(key: &KeySchema) -> Value {
    let partition = Some((&key.partition, "HASH"));
    let sort = key.sort.as_ref().map(|sort| (sort, "RANGE"));
    let elements = partition.into_iter().chain(sort);
    elements
        .map(|(attribute, kind)| json!({ "AttributeName": attribute.name, "KeyType": kind }))
        .collect()
}

fn attribute_definitions(table: &Table) -> Value {
    let definition = &table.definition;
    let indexes = definition.indexes.iter().map(|index| &index.key);
    let keys = std::iter::once(&definition.key).chain(indexes);
    let attributes = keys.flat_map(|key| std::iter::once(&key.partition).chain(&key.sort));
    let types: BTreeMap<_, _> = attributes
        .map(|attribute| (&attribute.name, attribute.kind))
        .collect();
    types
        .into_iter()
        .map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": letter(kind) }))
        .collect()
}

fn letter(kind: KeyRole) -> &'static str {
    match kind {
        KeyRole::S => "S",
        KeyRole::N => "N",
        KeyRole::B => "B",
    }
}
