//! Calls of the AWS SDK on the engine, with its data in a file.

use std::{collections::HashMap, time::Instant};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Region},
    types::{
        AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
        KeyType, Projection, ProjectionType, Put, ScalarAttributeType, TransactWriteItem,
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tintero_embedded::Engine;

use crate::{
    Failure, LEAST, cpu,
    shapes::{self, Row},
};

const TABLE: &str = "posts";

/// Number of items that are read.
const STORED: usize = 200;

/// Measures all calls once.
pub(crate) async fn measure(add: &mut impl FnMut(String, f64)) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let engine = Engine::file(&folder.path().join("calls.db"))?;
    let client = client(&engine);
    create_table(&client).await?;
    for number in 0..STORED {
        put(
            &client,
            &format!("address-{number}"),
            "LIVE",
            shapes::ADDRESS,
        )
        .await?;
        put(&client, "list", &format!("{number:05}"), shapes::LIST_ROW).await?;
    }
    for concurrency in [1, 32] {
        let get = |number| get(client.clone(), number);
        add(
            format!("get {concurrency}"),
            repeat(concurrency, get).await?,
        );
        let list = |_| query(client.clone());
        add(
            format!("list {concurrency}"),
            repeat(concurrency, list).await?,
        );
        for (name, rows) in [("create", shapes::CREATE), ("publish", shapes::PUBLISH)] {
            let write = |number| {
                write(
                    client.clone(),
                    rows,
                    format!("{name}-{concurrency}-{number}"),
                )
            };
            add(
                format!("{name} {concurrency}"),
                repeat(concurrency, write).await?,
            );
        }
    }
    Ok(())
}

/// Calls until enough CPU time can be counted. Returns the CPU time of a call in microseconds.
async fn repeat<F>(concurrency: usize, call: impl Fn(usize) -> F) -> Result<f64, Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let (before, started) = (cpu()?, Instant::now());
    let numbers = (0_usize..).take_while(|_| started.elapsed() < LEAST);
    let calls = stream::iter(numbers)
        .map(|number| tokio::spawn(call(number)))
        .buffer_unordered(concurrency)
        .map(|joined| joined.map_err(Failure::from)?)
        .try_fold(0.0, |calls, ()| async move { Ok(calls + 1.0) })
        .await?;
    Ok((cpu()? - before) * 1e6 / f64::max(calls, 1.0))
}

async fn get(client: Client, number: usize) -> Result<(), Failure> {
    let get = client.get_item().table_name(TABLE);
    let key = format!("address-{}", number % STORED);
    let answer = get
        .key("pk", AttributeValue::S(key))
        .key("sk", AttributeValue::S("LIVE".to_owned()))
        .send()
        .await?;
    answer.item.map(drop).ok_or_else(|| "no item".into())
}

/// The newest 20 rows of a list, and one more that tells whether there is a next page.
async fn query(client: Client) -> Result<(), Failure> {
    let answer = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S("list".to_owned()))
        .scan_index_forward(false)
        .limit(21)
        .send()
        .await?;
    let found = answer.count == 21;
    found.then_some(()).ok_or_else(|| "a row is missing".into())
}

/// Inserts rows in one transaction, if they do not exist.
async fn write(client: Client, rows: &'static [Row], pk: String) -> Result<(), Failure> {
    let mut items = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let mut item = item(&pk, &number.to_string(), row.bytes);
        if row.indexed {
            item.insert("state".to_owned(), AttributeValue::S("draft".to_owned()));
        }
        let put = Put::builder()
            .table_name(TABLE)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build()?;
        items.push(TransactWriteItem::builder().put(put).build());
    }
    let transaction = client.transact_write_items();
    transaction.set_transact_items(Some(items)).send().await?;
    Ok(())
}

async fn put(client: &Client, pk: &str, sk: &str, bytes: usize) -> Result<(), Failure> {
    let put = client.put_item().table_name(TABLE);
    put.set_item(Some(item(pk, sk, bytes))).send().await?;
    Ok(())
}

fn item(pk: &str, sk: &str, bytes: usize) -> HashMap<String, AttributeValue> {
    let text = shapes::text(bytes, bytes + pk.len());
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(pk.to_owned())),
        ("sk".to_owned(), AttributeValue::S(sk.to_owned())),
        ("text".to_owned(), AttributeValue::S(text)),
    ])
}

fn client(engine: &Engine) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .http_client(engine.http_client())
        .endpoint_url("http://embedded.invalid")
        .allow_no_auth();
    Client::from_conf(config.build())
}

/// Creates a table with an index, as the table of posts has.
async fn create_table(client: &Client) -> Result<(), Failure> {
    let attributes = ["pk", "sk", "state"].map(attribute);
    let index = GlobalSecondaryIndex::builder()
        .index_name("by_state")
        .set_key_schema(Some(keys("state", "sk")?))
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::All)
                .build(),
        )
        .build()?;
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.into_iter().collect::<Result<_, _>>()?))
        .set_key_schema(Some(keys("pk", "sk")?))
        .global_secondary_indexes(index)
        .send()
        .await?;
    Ok(())
}

fn attribute(name: &str) -> Result<AttributeDefinition, Failure> {
    let attribute = AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S);
    Ok(attribute.build()?)
}

fn keys(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, Failure> {
    let key = |name, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
    };
    Ok(vec![key(hash, KeyType::Hash)?, key(range, KeyType::Range)?])
}
