//! Reads what the SDK says into the domain's errors. Nothing else looks at SDK errors.

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::CancellationReason,
};
use tintero_domain::Error;

/// An answer that could not be had: throttled, timed out, refused, or out of order.
pub(crate) fn unavailable<E>(error: SdkError<E>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    Error::Unavailable(Box::new(error))
}

/// Why a transaction did not happen.
pub(crate) enum Cancelled {
    /// Conditions failed: the reasons, in the order of the transaction's items.
    Conditions(Vec<CancellationReason>),
    /// Others were at the same items, or there were too many requests: the same may go through later.
    Contended(Error),
    /// Anything else.
    Failed(Error),
}

/// Tells a failed condition from a collision and from an outage.
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
