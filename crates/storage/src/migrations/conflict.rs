use std::{future::Future, time::Duration};

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
};
use rand::RngExt;

const ATTEMPTS: u32 = 5;

/// An error that may say that another write held the item at that moment.
pub(super) trait MayConflict {
    fn is_conflict(&self) -> bool;
}

impl MayConflict for UpdateItemError {
    fn is_conflict(&self) -> bool {
        self.code() == Some("TransactionConflictException")
    }
}

impl MayConflict for TransactWriteItemsError {
    /// A failed condition beside the conflict is an answer: trying again would not change it.
    fn is_conflict(&self) -> bool {
        let Self::TransactionCanceledException(cancelled) = self else {
            return false;
        };
        let mut codes = cancelled
            .cancellation_reasons()
            .iter()
            .filter_map(|reason| reason.code());
        codes.clone().any(|code| code == "TransactionConflict")
            && !codes.any(|code| code == "ConditionalCheckFailed")
    }
}

/// Sends again what met another write on the same item, which the SDK does not.
pub(super) async fn through_conflicts<T, E, F>(send: impl Fn() -> F) -> Result<T, SdkError<E>>
where
    E: MayConflict,
    F: Future<Output = Result<T, SdkError<E>>>,
{
    for attempt in 1..ATTEMPTS {
        match send().await {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(MayConflict::is_conflict) =>
            {
                tokio::time::sleep(pause(attempt)).await;
            }
            settled => return settled,
        }
    }
    send().await
}

/// Random, so that two writers who met do not meet again.
fn pause(attempt: u32) -> Duration {
    let longest = 10_u64 << attempt;
    Duration::from_millis(rand::rng().random_range(0..longest))
}
