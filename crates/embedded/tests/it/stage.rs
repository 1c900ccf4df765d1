//! A client with a wire and one table.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Region};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, Put, ScalarAttributeType, TransactWriteItem,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tintero_embedded::Engine;
use tintero_embedded::faults::Wire;

pub(crate) const POSTS: &str = "posts";
pub(crate) const BY_STATE: &str = "by_state";

pub(crate) type Item = HashMap<String, AttributeValue>;

/// An engine in memory with the table `posts` and its index `by_state`.
pub(crate) struct Stage {
    pub(crate) wire: Wire,
    pub(crate) client: Client,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let wire = Wire::around(Engine::memory().unwrap().http_client());
        let client = client(wire.http_client());
        create_posts(&client).await;
        let _ = wire.measure();
        Self { wire, client }
    }

    pub(crate) async fn put(&self, item: Item) {
        put(&self.client, item).await;
    }

    pub(crate) async fn get(&self, pk: &str) -> Option<Item> {
        get(&self.client, pk).await
    }

    pub(crate) fn put_item(&self, item: Item) -> PutItemFluentBuilder {
        let put = self.client.put_item().table_name(POSTS);
        put.set_item(Some(item))
    }

    /// A query of the index `by_state` for drafts.
    pub(crate) fn drafts(&self) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(POSTS)
            .index_name(BY_STATE)
            .key_condition_expression("#state = :state")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", text("draft"))
    }
}

/// A client without retries, so that every error is returned.
pub(crate) fn client(http: SharedHttpClient) -> Client {
    Client::from_conf(config(http).retry_config(RetryConfig::disabled()).build())
}

pub(crate) fn config(http: SharedHttpClient) -> aws_sdk_dynamodb::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .http_client(http)
        .endpoint_url("http://embedded.invalid")
        .allow_no_auth()
}

pub(crate) async fn put(client: &Client, item: Item) {
    let put = client.put_item().table_name(POSTS).set_item(Some(item));
    put.send().await.unwrap();
}

pub(crate) async fn get(client: &Client, pk: &str) -> Option<Item> {
    let get = client.get_item().table_name(POSTS).set_key(Some(key(pk)));
    get.send().await.unwrap().item
}

pub(crate) async fn create_posts(client: &Client) {
    let names = ["pk", "sk", "state", "created_at"];
    client
        .create_table()
        .table_name(POSTS)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(names.map(string_attribute).to_vec()))
        .set_key_schema(Some(keys("pk", "sk")))
        .global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(BY_STATE)
                .set_key_schema(Some(keys("state", "created_at")))
                .projection(
                    Projection::builder()
                        .projection_type(ProjectionType::All)
                        .build(),
                )
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
}

fn string_attribute(name: &str) -> AttributeDefinition {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .unwrap()
}

fn keys(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .map(|(name, kind)| {
            let element = KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind);
            element.build().unwrap()
        })
        .to_vec()
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn names(items: &[Item]) -> Vec<&str> {
    let names = items.iter().map(|item| item["pk"].as_s().unwrap());
    names.map(String::as_str).collect()
}

pub(crate) fn key(pk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text("META"))])
}

/// An item of about `size` bytes that is not indexed.
pub(crate) fn plain(pk: &str, size: usize) -> Item {
    let mut item = key(pk);
    item.insert("body".to_owned(), text("x".repeat(size)));
    item
}

/// An item of about `size` bytes in the index `by_state`.
pub(crate) fn indexed(pk: &str, size: usize, state: &str) -> Item {
    let mut item = plain(pk, size);
    item.insert("state".to_owned(), text(state));
    item.insert("created_at".to_owned(), text(format!("2026-11-22#{pk}")));
    item
}

pub(crate) fn put_new(item: Item) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(POSTS)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(
            aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld,
        );
    TransactWriteItem::builder()
        .put(put.build().unwrap())
        .build()
}

pub(crate) fn put_any(item: Item) -> TransactWriteItem {
    let put = Put::builder().table_name(POSTS).set_item(Some(item));
    TransactWriteItem::builder()
        .put(put.build().unwrap())
        .build()
}
