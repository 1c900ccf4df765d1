//! Conditions on one item.

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;

use crate::stage::{Stage, plain};

#[tokio::test]
async fn a_failed_condition_returns_the_existing_item() {
    let stage = Stage::new().await;
    stage.put(plain("first", 10)).await;

    let error = stage
        .put_item(plain("first", 20))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();

    let old = match error {
        aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(
            failure,
        ) => failure.item,
        other => panic!("{other:?}"),
    };
    assert_eq!(old, Some(plain("first", 10)));
    assert_eq!(stage.get("first").await, Some(plain("first", 10)));
}
