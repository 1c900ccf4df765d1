//! The effect of each fault action on the AWS SDK.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity::Total;
use tintero_embedded::faults::FaultAction;

use crate::stage::{self, Item, POSTS, Stage, indexed, key, names, plain, put_any};

/// A client that tries three times with a short backoff.
fn retrying(stage: &Stage) -> Client {
    let retry = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(1));
    Client::from_conf(
        stage::config(stage.wire.http_client())
            .retry_config(retry)
            .build(),
    )
}

async fn try_get(client: &Client) -> Result<Option<Item>, SdkError<GetItemError>> {
    let get = client
        .get_item()
        .table_name(POSTS)
        .set_key(Some(key("post")));
    get.send().await.map(|found| found.item)
}

async fn cancellation_codes(stage: &Stage) -> Vec<String> {
    let write = stage.client.transact_write_items();
    let write = write.transact_items(put_any(plain("one", 1)));
    let write = write.transact_items(put_any(plain("two", 1)));
    match write.send().await.unwrap_err().into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled
            .cancellation_reasons()
            .iter()
            .map(|reason| reason.code().unwrap().to_owned())
            .collect(),
        other => panic!("{other:?}"),
    }
}

async fn names_of_drafts(stage: &Stage) -> Vec<String> {
    let query = stage.drafts().return_consumed_capacity(Total);
    let page = query.send().await.unwrap();
    names(page.items()).into_iter().map(str::to_owned).collect()
}

fn lose_response_of_first_write(stage: &Stage) {
    stage.wire.on(|call| match (call.operation, call.nth) {
        ("PutItem" | "TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
}

#[tokio::test]
async fn a_throttled_request_is_retried_by_the_sdk() {
    let stage = Stage::new().await;
    stage.wire.on(|call| match call.nth {
        1 | 2 => FaultAction::Throttle,
        _ => FaultAction::Pass,
    });
    let error = try_get(&stage.client)
        .await
        .unwrap_err()
        .into_service_error();
    assert!(error.is_provisioned_throughput_exceeded_exception());
    assert!(try_get(&retrying(&stage)).await.is_ok());
    assert_eq!(stage.wire.measure().requests, 3);
}

#[tokio::test]
async fn a_throttled_transaction_is_cancelled_with_a_reason_for_its_first_item() {
    let stage = Stage::new().await;
    stage.wire.on(|_| FaultAction::Throttle);
    assert_eq!(
        cancellation_codes(&stage).await,
        ["ThrottlingError", "None"]
    );
}

#[tokio::test]
async fn a_conflict_cancels_a_transaction_and_is_not_retried_by_the_sdk() {
    let stage = Stage::new().await;
    stage.wire.on(|_| FaultAction::TransactionConflict);
    assert_eq!(
        cancellation_codes(&stage).await,
        ["TransactionConflict", "None"]
    );

    let _ = stage.wire.measure();
    let put = retrying(&stage)
        .put_item()
        .table_name(POSTS)
        .set_item(Some(plain("post", 1)));
    let error = put.send().await.unwrap_err().into_service_error();
    assert!(error.is_transaction_conflict_exception());
    assert_eq!(stage.wire.measure().requests, 1);

    stage.wire.clear();
    assert_eq!(stage.get("one").await, None);
    assert_eq!(stage.get("post").await, None);
}

#[tokio::test]
async fn a_write_with_a_lost_response_is_executed_and_retried_by_the_sdk() {
    let stage = Stage::new().await;
    lose_response_of_first_write(&stage);
    let put = stage.put_item(plain("post", 1));
    let put = put.condition_expression("attribute_not_exists(pk)");
    let lost = put.clone().send().await.unwrap_err();
    assert!(matches!(lost, SdkError::DispatchFailure(failure) if failure.is_io()));
    assert!(stage.get("post").await.is_some());

    // The retry of a conditional create fails because its first attempt succeeded.
    lose_response_of_first_write(&stage);
    let again = retrying(&stage)
        .put_item()
        .table_name(POSTS)
        .set_item(Some(plain("other", 1)));
    let again = again
        .condition_expression("attribute_not_exists(pk)")
        .send()
        .await;
    let error = again.unwrap_err().into_service_error();
    assert!(error.is_conditional_check_failed_exception());
}

#[tokio::test]
async fn a_transaction_with_a_lost_response_is_retried_with_the_same_token() {
    let stage = Stage::new().await;
    lose_response_of_first_write(&stage);
    let write = retrying(&stage).transact_write_items();
    write
        .transact_items(stage::put_new(plain("post", 1)))
        .send()
        .await
        .unwrap();
    assert_eq!(stage.wire.measure().requests, 2);
}

#[tokio::test]
async fn a_crash_before_the_request_executes_nothing_and_is_not_retried() {
    let stage = Stage::new().await;
    stage.wire.on(|_| FaultAction::CrashBefore);
    let put = retrying(&stage)
        .put_item()
        .table_name(POSTS)
        .set_item(Some(plain("post", 1)));
    let crashed = put.send().await.unwrap_err();
    assert!(matches!(crashed, SdkError::DispatchFailure(failure) if failure.is_other()));
    assert_eq!(stage.wire.measure().requests, 1);
    stage.wire.clear();
    assert_eq!(stage.get("post").await, None);
}

#[tokio::test]
async fn a_stale_index_repeats_its_previous_response() {
    let stage = Stage::new().await;
    stage.put(indexed("old", 1, "draft")).await;
    assert_eq!(names_of_drafts(&stage).await, ["old"]);
    stage.put(indexed("recent", 1, "draft")).await;

    stage.wire.on(|_| FaultAction::StaleIndex);
    assert_eq!(names_of_drafts(&stage).await, ["old"]);
    assert!(
        stage.get("recent").await.is_some(),
        "tables are never stale"
    );
    stage.wire.clear();
    assert_eq!(names_of_drafts(&stage).await, ["old", "recent"]);
}

#[tokio::test]
async fn a_stale_index_without_previous_response_is_empty() {
    let stage = Stage::new().await;
    stage.put(indexed("recent", 1, "draft")).await;
    let _ = stage.wire.measure();
    stage.wire.on(|_| FaultAction::StaleIndex);
    assert!(names_of_drafts(&stage).await.is_empty());
    assert!(stage.wire.measure().read_units > 0.0);
}

#[tokio::test]
async fn an_action_that_does_not_apply_to_an_operation_is_a_user_error() {
    let stage = Stage::new().await;
    for action in [
        FaultAction::TransactionConflict,
        FaultAction::Unprocessed,
        FaultAction::OnlyFirst,
    ] {
        stage.wire.on(move |_| action);
        let failed = try_get(&stage.client).await.unwrap_err();
        assert!(matches!(failed, SdkError::DispatchFailure(failure) if failure.is_user()));
    }
}

#[tokio::test]
async fn a_script_receives_operation_tables_and_count() {
    let stage = Stage::new().await;
    stage.wire.on(|call| match (call.operation, call.nth) {
        ("GetItem", 2) if call.tables().contains(POSTS) => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    stage.put(plain("post", 1)).await;
    assert!(try_get(&stage.client).await.is_ok());
    assert!(try_get(&stage.client).await.is_err());
    assert!(try_get(&stage.client).await.is_ok());
}
