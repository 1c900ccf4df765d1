//! What DynamoDB refuses, this engine refuses in the same words.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;

use crate::stage::{POSTS, Stage, key, plain, text};

const LIMIT: usize = 400 * 1024;

async fn refusal_of_put(stage: &Stage, item: crate::stage::Item) -> Option<String> {
    let put = stage
        .client
        .put_item()
        .table_name(POSTS)
        .set_item(Some(item));
    let refused = put.send().await.unwrap_err();
    refused.code().map(str::to_owned)
}

#[tokio::test]
async fn an_item_of_four_hundred_kilobytes_is_the_largest() {
    let stage = Stage::new().await;
    let frame = "pk".len() + "big".len() + "sk".len() + "META".len() + "body".len();
    stage.put(plain("big", LIMIT - frame)).await;
    let refused = refusal_of_put(&stage, plain("big", LIMIT - frame + 1)).await;
    assert_eq!(refused.as_deref(), Some("ValidationException"));
}

#[tokio::test]
async fn an_item_without_its_key_is_a_validation_error() {
    let stage = Stage::new().await;
    let keyless = HashMap::from([("body".to_owned(), text("x"))]);
    let refused = refusal_of_put(&stage, keyless).await;
    assert_eq!(refused.as_deref(), Some("ValidationException"));
}

#[tokio::test]
async fn an_empty_set_is_a_validation_error_though_reading_the_request_finds_it() {
    let stage = Stage::new().await;
    let mut item = key("post");
    item.insert(
        "tags".to_owned(),
        aws_sdk_dynamodb::types::AttributeValue::Ss(vec![]),
    );
    let refused = refusal_of_put(&stage, item).await;
    assert_eq!(refused.as_deref(), Some("ValidationException"));
}

#[tokio::test]
async fn an_expression_that_does_not_parse_is_a_validation_error() {
    let stage = Stage::new().await;
    let update = stage
        .client
        .update_item()
        .table_name(POSTS)
        .set_key(Some(key("post")));
    let refused = update.update_expression("SET ((").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("ValidationException"));
}

#[tokio::test]
async fn a_table_that_is_not_there_is_named_as_missing() {
    let stage = Stage::new().await;
    let get = stage
        .client
        .get_item()
        .table_name("absent")
        .set_key(Some(key("post")));
    let refused = get.send().await.unwrap_err().into_service_error();
    assert!(refused.is_resource_not_found_exception());
}

#[tokio::test]
async fn an_operation_the_engine_lacks_is_refused() {
    let stage = Stage::new().await;
    let refused = stage.client.describe_limits().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("UnknownOperationException"));
}
