//! Paging through an index, and expiry.

use aws_sdk_dynamodb::types::{AttributeValue, TimeToLiveSpecification};
use tintero_embedded::Engine;

use crate::stage::{self, POSTS, Stage, indexed, key, names, plain, text};

async fn stage_of_four() -> Stage {
    let stage = Stage::new().await;
    for pk in ["n1", "n2", "n3", "n4"] {
        stage.put(indexed(pk, 10, "draft")).await;
    }
    stage
}

#[tokio::test]
async fn an_index_can_be_paged_in_both_directions() {
    let stage = stage_of_four().await;
    let page = stage.drafts().limit(2).send().await.unwrap();
    assert_eq!(names(page.items()), ["n1", "n2"]);

    let last = page.last_evaluated_key().unwrap().clone();
    let mut attributes: Vec<_> = last.keys().map(String::as_str).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["created_at", "pk", "sk", "state"]);

    let next = stage
        .drafts()
        .limit(2)
        .set_exclusive_start_key(Some(last.clone()));
    assert_eq!(names(next.send().await.unwrap().items()), ["n3", "n4"]);

    let back = stage
        .drafts()
        .scan_index_forward(false)
        .set_exclusive_start_key(Some(last));
    assert_eq!(names(back.send().await.unwrap().items()), ["n1"]);
}

#[tokio::test]
async fn a_page_can_start_after_a_key_that_never_existed() {
    let stage = stage_of_four().await;
    let mut start = key("n2-and-a-half");
    start.insert("state".to_owned(), text("draft"));
    start.insert("created_at".to_owned(), text("2026-11-22#n2-and-a-half"));
    let page = stage
        .drafts()
        .set_exclusive_start_key(Some(start))
        .send()
        .await
        .unwrap();
    assert_eq!(names(page.items()), ["n3", "n4"]);
}

#[tokio::test]
async fn an_item_without_the_attributes_of_an_index_is_not_indexed() {
    let stage = stage_of_four().await;
    stage.put(plain("n5", 10)).await;
    let page = stage.drafts().send().await.unwrap();
    assert_eq!(page.count(), 4);
}

#[tokio::test]
async fn delete_expired_deletes_expired_items_and_returns_their_number() {
    let engine = Engine::memory().unwrap();
    let client = stage::client(engine.http_client());
    stage::create_posts(&client).await;
    let expiry = TimeToLiveSpecification::builder()
        .attribute_name("exp")
        .enabled(true);
    client
        .update_time_to_live()
        .table_name(POSTS)
        .time_to_live_specification(expiry.build().unwrap())
        .send()
        .await
        .unwrap();
    for (pk, exp) in [("past", "1700000000"), ("future", "99999999999")] {
        let mut item = plain(pk, 1);
        item.insert("exp".to_owned(), AttributeValue::N(exp.to_owned()));
        stage::put(&client, item).await;
    }

    assert!(
        stage::get(&client, "past").await.is_some(),
        "items expire only when delete_expired runs"
    );
    assert_eq!(engine.delete_expired().await.unwrap(), 1);
    assert!(stage::get(&client, "past").await.is_none());
    assert!(stage::get(&client, "future").await.is_some());
}
