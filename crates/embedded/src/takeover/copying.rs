use serde_json::{Value, json};

use super::failure::TakeoverFailure;
use super::old_file::{OldFile, OldTable};
use crate::operations::ParsedOperation;
use crate::store::{RequestFailure, SqlSession};

/// Copies all tables into the new database, by the same operations by which clients create them.
pub(super) fn copy(
    old: &OldFile,
    tables: &[OldTable],
    new: &SqlSession,
) -> Result<(), TakeoverFailure> {
    for table in tables {
        create(table, new)?;
        let mut statement = old.items(&table.name)?;
        let mut items = statement.query([])?;
        while let Some(item) = items.next()? {
            put(&table.name, &item.get::<_, String>("item_json")?, new)?;
        }
    }
    Ok(())
}

fn create(table: &OldTable, new: &SqlSession) -> Result<(), TakeoverFailure> {
    let name = &table.name;
    let mut create = json!({
        "TableName": name,
        "KeySchema": table.key_schema,
        "AttributeDefinitions": table.attribute_definitions,
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": table.is_protected,
    });
    if !table.indexes.is_empty() {
        let indexes = table.indexes.iter().map(index);
        create["GlobalSecondaryIndexes"] = indexes.collect();
    }
    run("CreateTable", &create.to_string(), new)?;
    if let Some(view) = &table.stream_view {
        let stream = json!({ "StreamEnabled": true, "StreamViewType": view });
        let update = json!({ "TableName": name, "StreamSpecification": stream });
        run("UpdateTable", &update.to_string(), new)?;
    }
    if let Some(attribute) = &table.time_to_live {
        let specification = json!({ "AttributeName": attribute, "Enabled": true });
        let update = json!({ "TableName": name, "TimeToLiveSpecification": specification });
        run("UpdateTimeToLive", &update.to_string(), new)?;
    }
    Ok(())
}

/// The members of a definition that a request has.
fn index(stored: &Value) -> Value {
    json!({
        "IndexName": stored["IndexName"],
        "KeySchema": stored["KeySchema"],
        "Projection": { "ProjectionType": stored["Projection"]["ProjectionType"] },
    })
}

fn put(table: &str, item: &str, new: &SqlSession) -> Result<(), TakeoverFailure> {
    let table = json!(table);
    run(
        "PutItem",
        &format!(r#"{{"TableName":{table},"Item":{item}}}"#),
        new,
    )
}

fn run(operation: &str, body: &str, new: &SqlSession) -> Result<(), TakeoverFailure> {
    match ParsedOperation::parse(operation, body.as_bytes()).map_err(RequestFailure::from)? {
        ParsedOperation::Write(write) => write.run(new).map(drop).map_err(Into::into),
        ParsedOperation::Read(_) => Ok(()),
    }
}
