//! Maps errors of the SDK to errors of the domain. Other modules do not inspect SDK errors.

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::CancellationReason,
};
use tintero_domain::Error;

/// Part of the message of the embedded engine for a full disk, which is SQLite's own. DynamoDB has none.
const DISK_IS_FULL: &str = "disk is full";

/// A request that failed: throttled, timed out, refused, or with an invalid response.
pub(crate) fn unavailable<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let is_full = error
        .message()
        .is_some_and(|text| text.contains(DISK_IS_FULL));
    if is_full {
        Error::StorageFull(Box::new(error))
    } else {
        Error::Unavailable(Box::new(error))
    }
}

/// The reason for a cancelled transaction.
pub(crate) enum Cancelled {
    /// Conditions failed. One reason per item of the transaction, in order.
    Conditions(Vec<CancellationReason>),
    /// Another transaction used the same items, or requests were throttled. A retry can succeed.
    Contended(Error),
    /// Another failure.
    Failed(Error),
}

/// Classifies the error of a transaction.
pub(crate) fn cancelled(error: SdkError<TransactWriteItemsError>) -> Cancelled {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        let contended = matches!(
            error.code(),
            Some("TransactionConflictException" | "TransactionInProgressException")
        );
        let source = unavailable(error);
        return if contended {
            Cancelled::Contended(source)
        } else {
            Cancelled::Failed(source)
        };
    };
    let reasons = cancelled.cancellation_reasons();
    let any = |codes: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| codes.contains(&code)))
    };
    if any(&["ConditionalCheckFailed"]) {
        Cancelled::Conditions(reasons.to_vec())
    } else if any(&[
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ]) {
        Cancelled::Contended(Error::Contended)
    } else {
        Cancelled::Failed(unavailable(error))
    }
}
