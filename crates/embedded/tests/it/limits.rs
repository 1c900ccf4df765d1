//! Requests that the engine rejects with the error codes of DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::stage::{Item, POSTS, Stage, key, plain, text};

const LIMIT: usize = 400 * 1024;

async fn put_error_code(stage: &Stage, item: Item) -> Option<String> {
    let error = stage.put_item(item).send().await.unwrap_err();
    error.code().map(str::to_owned)
}

#[tokio::test]
async fn an_item_has_at_most_400_kilobytes() {
    let stage = Stage::new().await;
    let frame = "pk".len() + "big".len() + "sk".len() + "META".len() + "body".len();
    stage.put(plain("big", LIMIT - frame)).await;
    let error = put_error_code(&stage, plain("big", LIMIT - frame + 1)).await;
    assert_eq!(error.as_deref(), Some("ValidationException"));
}

#[tokio::test]
async fn invalid_items_are_validation_errors() {
    let stage = Stage::new().await;
    let without_key = HashMap::from([("body".to_owned(), text("x"))]);
    let mut with_empty_set = key("post");
    with_empty_set.insert("tags".to_owned(), AttributeValue::Ss(vec![]));
    for item in [without_key, with_empty_set] {
        let code = put_error_code(&stage, item).await;
        assert_eq!(code.as_deref(), Some("ValidationException"));
    }
}

#[tokio::test]
async fn an_invalid_expression_is_a_validation_error() {
    let stage = Stage::new().await;
    let update = stage
        .client
        .update_item()
        .table_name(POSTS)
        .set_key(Some(key("post")));
    let error = update.update_expression("SET ((").send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn a_missing_table_is_a_resource_not_found_error() {
    let stage = Stage::new().await;
    let get = stage
        .client
        .get_item()
        .table_name("absent")
        .set_key(Some(key("post")));
    let error = get.send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception());
}

#[tokio::test]
async fn an_unsupported_operation_is_an_unknown_operation_error() {
    let stage = Stage::new().await;
    let error = stage.client.describe_limits().send().await.unwrap_err();
    assert_eq!(error.code(), Some("UnknownOperationException"));
}
