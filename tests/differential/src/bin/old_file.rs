//! Writes a database with dynoxide and prints it as SQL. The output is the fixture
//! `crates/embedded/tests/fixtures/dynoxide.sql`, from which tests build a file of an earlier version:
//!
//! ```text
//! cargo run --bin old_file >../../crates/embedded/tests/fixtures/dynoxide.sql
//! ```

use std::env;
use std::fs;

use anyhow::{Result, anyhow};
use dynoxide::Database;
use dynoxide::storage::Storage;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn main() -> Result<()> {
    let path = env::temp_dir().join(format!("dynoxide-{}.db", std::process::id()));
    let path = path
        .to_str()
        .ok_or_else(|| anyhow!("the temporary folder is no UTF-8"))?;
    fill(&Database::new(path)?)?;
    let dumped = dump(&Storage::new(path)?);
    fs::remove_file(path)?;
    dumped
}

fn fill(database: &Database) -> Result<()> {
    for index in [
        vec![],
        vec![
            ("by_state", "state_key", "created_key"),
            ("by_owner", "owner_key", "created_key"),
        ],
    ] {
        let name = if index.is_empty() {
            "tintero-tokens"
        } else {
            "tintero-posts"
        };
        database.create_table(request(table(name, &index))?)?;
    }
    database.update_time_to_live(request(json!({
        "TableName": "tintero-tokens",
        "TimeToLiveSpecification": { "AttributeName": "expires_at", "Enabled": true },
    }))?)?;
    database.update_table(request(
        json!({ "TableName": "tintero-posts", "DeletionProtectionEnabled": true }),
    )?)?;
    database.update_table(request(added_index())?)?;
    for item in posts() {
        database.put_item(request(
            json!({ "TableName": "tintero-posts", "Item": item }),
        )?)?;
    }
    for item in tokens() {
        database.put_item(request(
            json!({ "TableName": "tintero-tokens", "Item": item }),
        )?)?;
    }
    Ok(())
}

fn request<T: DeserializeOwned>(body: Value) -> Result<T> {
    Ok(serde_json::from_value(body)?)
}

fn table(name: &str, indexes: &[(&str, &str, &str)]) -> Value {
    let keys = indexes.iter().flat_map(|(_, hash, range)| [*hash, *range]);
    let mut names: Vec<_> = keys.chain(["pk", "sk"]).collect();
    names.sort_unstable();
    names.dedup();
    let indexes: Vec<_> = indexes.iter().map(index).collect();
    let mut table = json!({
        "TableName": name,
        "KeySchema": key_schema("pk", "sk"),
        "AttributeDefinitions": definitions(&names),
        "BillingMode": "PAY_PER_REQUEST",
    });
    if !indexes.is_empty() {
        table["GlobalSecondaryIndexes"] = indexes.into();
    }
    table
}

fn added_index() -> Value {
    json!({
        "TableName": "tintero-posts",
        "AttributeDefinitions": definitions(&["updated_shard", "updated_key"]),
        "GlobalSecondaryIndexUpdates": [{ "Create": index(&("by_updated", "updated_shard", "updated_key")) }],
    })
}

fn index((name, hash, range): &(&str, &str, &str)) -> Value {
    json!({
        "IndexName": name,
        "KeySchema": key_schema(hash, range),
        "Projection": { "ProjectionType": "ALL" },
    })
}

fn key_schema(hash: &str, range: &str) -> Value {
    json!([
        { "AttributeName": hash, "KeyType": "HASH" },
        { "AttributeName": range, "KeyType": "RANGE" },
    ])
}

fn definitions(names: &[&str]) -> Value {
    let definition = |name| json!({ "AttributeName": name, "AttributeType": "S" });
    names.iter().map(definition).collect()
}

/// Posts with and without the keys of indexes, and one item with every type.
fn posts() -> Vec<Value> {
    let post = |number: usize| {
        json!({
            "pk": { "S": format!("POST#{number}") },
            "sk": { "S": "META" },
            "state_key": { "S": if number.is_multiple_of(2) { "draft" } else { "published" } },
            "created_key": { "S": format!("2026-11-0{number}") },
            "owner_key": { "S": "ana" },
            "updated_shard": { "S": "0" },
            "updated_key": { "S": format!("{number}") },
            "title": { "S": format!("El tintero n.º {number} 😀 \"con comillas\" y 'apóstrofos'") },
            "version": { "N": number.to_string() },
        })
    };
    let numbers = [
        "0",
        "-1.50",
        "1e3",
        "0.001",
        "1e-130",
        "9.9999999999999999999999999999999999999e125",
        "99999999999999999999999999999999999999",
    ]
    .map(|number| json!({ "N": number }));
    let every_type = json!({
        "pk": { "S": "POST#1" },
        "sk": { "S": "BODY#é\u{ffff}" },
        "empty": { "S": "" },
        "lines": { "S": "a\nb\r\nc\t\\ \u{2028}\u{0}" },
        "numbers": { "L": numbers },
        "bytes": { "B": "AAECA/8=" },
        "yes": { "BOOL": true },
        "no": { "BOOL": false },
        "nothing": { "NULL": true },
        "map": { "M": { "z": { "M": {} }, "a": { "L": [] }, "é": { "S": "x" } } },
        "tags": { "SS": ["b", "a", "é"] },
        "set": { "NS": ["3", "1.50", "-2", "1e2"] },
        "blobs": { "BS": ["Ag==", "AQ=="] },
    });
    let long = json!({
        "pk": { "S": "POST#2" },
        "sk": { "S": "REV#000001" },
        "state_key": { "S": "draft" },
        "body": { "S": "Línea de texto.\n".repeat(600) },
    });
    (1..=6).map(post).chain([every_type, long]).collect()
}

fn tokens() -> Vec<Value> {
    let token = |(sk, expires_at): (&str, Value)| json!({ "pk": { "S": "KEY#1" }, "sk": { "S": sk }, "expires_at": expires_at });
    let tokens = [
        ("past", json!({ "N": "946684800" })),
        ("future", json!({ "N": "32503680000" })),
        ("fraction", json!({ "N": "946684800.5" })),
        ("text", json!({ "S": "946684800" })),
    ];
    tokens.into_iter().map(token).collect()
}

/// Prints tables and rows, in the form of SQLite's shell.
fn dump(storage: &Storage) -> Result<()> {
    let connection = storage.conn();
    println!("-- Written by tests/differential/src/bin/old_file.rs: a database of dynoxide 3.2.0.");
    let objects = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' \
        ESCAPE '\\' ORDER BY type DESC, rowid";
    let mut statement = connection.prepare(objects)?;
    let objects = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let objects: Vec<(String, String, String)> = objects.collect::<Result<_, _>>()?;
    for (_, _, sql) in &objects {
        println!("{sql};");
    }
    for (_, name, _) in objects.iter().filter(|(kind, _, _)| kind == "table") {
        let name = name.replace('"', "\"\"");
        let statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns: Vec<_> = statement
            .column_names()
            .iter()
            .map(|name| format!("quote({name})"))
            .collect();
        drop(statement);
        let rows = format!(
            "SELECT concat_ws(', ', {}) FROM \"{name}\"",
            columns.join(", ")
        );
        let mut statement = connection.prepare(&rows)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        for row in rows {
            println!("INSERT INTO \"{name}\" VALUES ({});", row?);
        }
    }
    Ok(())
}
