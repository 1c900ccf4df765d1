//! Transactions: atomicity, cancellation reasons, tokens and limits.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};

use crate::stage::{Stage, key, plain, put_any, put_new};

type TransactResult = Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError>>;

async fn transact(client: &Client, items: Vec<TransactWriteItem>) -> TransactResult {
    let write = client.transact_write_items();
    write.set_transact_items(Some(items)).send().await
}

async fn transact_as(
    client: &Client,
    token: &str,
    items: Vec<TransactWriteItem>,
) -> TransactResult {
    let write = client.transact_write_items().client_request_token(token);
    write.set_transact_items(Some(items)).send().await
}

fn reasons(result: TransactResult) -> Vec<CancellationReason> {
    match result.unwrap_err().into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons.unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_cancelled_transaction_writes_nothing_and_returns_a_reason_for_each_position() {
    let stage = Stage::new().await;
    stage.put(plain("taken", 10)).await;

    let items = vec![put_any(plain("free", 1)), put_new(plain("taken", 20))];
    let reasons = reasons(transact(&stage.client, items).await);
    let codes = reasons.iter().map(|reason| reason.code().unwrap());
    assert!(codes.eq(["None", "ConditionalCheckFailed"]));
    assert_eq!(reasons[0].item(), None);
    assert_eq!(reasons[1].item(), Some(&plain("taken", 10)));

    assert_eq!(stage.get("free").await, None);
    assert_eq!(stage.get("taken").await, Some(plain("taken", 10)));
}

#[tokio::test]
async fn a_repeated_transaction_with_the_same_token_is_executed_once() {
    let stage = Stage::new().await;
    let items = || vec![put_new(plain("once", 10))];
    transact_as(&stage.client, "token", items()).await.unwrap();
    transact_as(&stage.client, "token", items()).await.unwrap();

    let other = vec![put_new(plain("other", 10))];
    let error = transact_as(&stage.client, "token", other)
        .await
        .unwrap_err();
    assert!(
        error
            .into_service_error()
            .is_idempotent_parameter_mismatch_exception()
    );
}

#[tokio::test]
async fn concurrent_transactions_with_the_same_token_are_executed_once() {
    let stage = Stage::new().await;
    let write = || transact_as(&stage.client, "token", vec![put_new(plain("once", 10))]);
    let (first, second) = tokio::join!(write(), write());
    assert!(first.is_ok() && second.is_ok());
}

#[tokio::test]
async fn only_the_last_tokens_are_kept() {
    let stage = Stage::new().await;
    let write = |number: usize| {
        let entries = vec![put_new(plain(&format!("n{number}"), 10))];
        let token = format!("token-{number}");
        let client = stage.client.clone();
        async move { transact_as(&client, &token, entries).await }
    };
    for number in 0..300 {
        write(number).await.unwrap();
    }
    assert!(write(299).await.is_ok(), "it is replayed");
    assert!(write(0).await.is_err(), "it is executed again");
}

#[tokio::test]
async fn a_cancelled_transaction_does_not_use_its_token() {
    let stage = Stage::new().await;
    stage.put(plain("taken", 10)).await;
    let items = || vec![put_new(plain("taken", 20))];
    assert!(transact_as(&stage.client, "token", items()).await.is_err());

    let delete = stage
        .client
        .delete_item()
        .table_name("posts")
        .set_key(Some(key("taken")));
    delete.send().await.unwrap();
    transact_as(&stage.client, "token", items()).await.unwrap();
    assert_eq!(stage.get("taken").await, Some(plain("taken", 20)));
}

#[tokio::test]
async fn a_transaction_has_at_most_100_items() {
    let stage = Stage::new().await;
    let items = |count| {
        (0..count)
            .map(|n| put_new(plain(&format!("n{n}"), 1)))
            .collect()
    };

    let error = transact(&stage.client, items(101)).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    assert_eq!(stage.get("n0").await, None);

    transact(&stage.client, items(100)).await.unwrap();
    assert!(stage.get("n99").await.is_some());
}

#[tokio::test]
async fn a_transaction_with_a_duplicate_item_is_rejected() {
    let stage = Stage::new().await;
    let twice = vec![put_any(plain("same", 1)), put_any(plain("same", 2))];
    let error = transact(&stage.client, twice).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn a_token_has_1_to_36_characters() {
    let stage = Stage::new().await;
    let write = |token: String| {
        let client = stage.client.clone();
        async move { transact_as(&client, &token, vec![put_any(plain("post", 1))]).await }
    };
    for invalid in [String::new(), "x".repeat(37)] {
        let error = write(invalid).await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationException"));
    }
    assert_eq!(stage.get("post").await, None);
    write("x".repeat(36)).await.unwrap();
}
