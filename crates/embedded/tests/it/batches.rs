//! Batches that a wire executes in part or not at all.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use tintero_embedded::faults::FaultAction;

use crate::stage::{POSTS, Stage, key, plain};

#[tokio::test]
async fn an_unprocessed_batch_of_writes_returns_every_entry() {
    let stage = Stage::new().await;
    stage.wire.on(|_| FaultAction::Unprocessed);
    let left = write_batch(&stage, &["one", "two"]).await;
    assert_eq!(left, ["one", "two"]);
    stage.wire.clear();
    assert_eq!(stage.get("one").await, None);
}

#[tokio::test]
async fn a_batch_of_writes_can_be_executed_in_part() {
    let stage = Stage::new().await;
    stage.wire.on(|_| FaultAction::OnlyFirst);
    let left = write_batch(&stage, &["one", "two", "three"]).await;
    assert_eq!(left, ["two", "three"]);
    stage.wire.clear();
    assert!(stage.get("one").await.is_some());
    assert_eq!(stage.get("two").await, None);
}

async fn write_batch(stage: &Stage, names: &[&str]) -> Vec<String> {
    let writes = names.iter().map(|pk| {
        let put = PutRequest::builder()
            .set_item(Some(plain(pk, 1)))
            .build()
            .unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let batch = stage
        .client
        .batch_write_item()
        .request_items(POSTS, writes.collect());
    let left = batch
        .send()
        .await
        .unwrap()
        .unprocessed_items
        .unwrap_or_default();
    let puts = left
        .into_values()
        .flatten()
        .filter_map(|write| write.put_request);
    puts.map(|put| put.item["pk"].as_s().unwrap().clone())
        .collect()
}

#[tokio::test]
async fn a_batch_of_reads_can_be_executed_in_part() {
    let stage = Stage::new().await;
    for pk in ["one", "two"] {
        stage.put(plain(pk, 1)).await;
    }
    let keys = KeysAndAttributes::builder()
        .keys(key("one"))
        .keys(key("two"))
        .build()
        .unwrap();
    let batch = stage
        .client
        .batch_get_item()
        .request_items(POSTS, keys.clone());

    stage.wire.on(|_| FaultAction::OnlyFirst);
    let part = batch.clone().send().await.unwrap();
    assert_eq!(part.responses().unwrap()[POSTS], [plain("one", 1)]);
    assert_eq!(part.unprocessed_keys().unwrap()[POSTS].keys(), [key("two")]);

    stage.wire.on(|_| FaultAction::Unprocessed);
    let none = batch.send().await.unwrap();
    assert_eq!(
        none.unprocessed_keys().unwrap(),
        &HashMap::from([(POSTS.to_owned(), keys)])
    );
}
