//! Runs each write with each fault and classifies the outcome.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use tintero_domain::{Error, Result};
use tintero_embedded::faults::{Call, FaultAction};
use tintero_storage::keys;

use super::{
    fixture::Fixture,
    writes::{FaultCase, TestWrite},
};

/// The faults with their names on the page.
pub(super) const FAULTS: [(&str, FaultAction); 6] = [
    ("throttled", FaultAction::Throttle),
    ("transaction conflict", FaultAction::TransactionConflict),
    ("batch not processed", FaultAction::Unprocessed),
    ("response lost", FaultAction::LoseResponse),
    ("crash before", FaultAction::CrashBefore),
    ("crash after", FaultAction::CrashAfter),
];

/// The outcome of a write with a fault. After the client repeats the request, the write is applied
/// exactly once, except for the last three outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FaultOutcome {
    /// The client received success.
    Done,
    /// Nothing was written. The repetition applies the write.
    NotDone,
    /// The write was applied, but the client received an error. The repetition reports it.
    ResponseLost,
    /// A part without effect was written. The repetition completes the write.
    Repaired,
    /// The write was applied, but the client received an error. The repetition applies it again.
    DoneAgain,
    /// Nothing was written, but the client received success: the write only records a use.
    Unrecorded,
    /// The write was applied, but the client received an error. The repetition uses a token again, which ends
    /// the session.
    Ended,
}

/// The view before and after the write without faults.
struct FaultFree {
    before: String,
    after: String,
    /// The DynamoDB operations in order.
    requests: Vec<String>,
}

impl FaultFree {
    async fn of(before: &[TestWrite], write: TestWrite) -> Self {
        let (fixture, _) = Fixture::after(before).await;
        let seen = fixture.view().await;
        // A new site, because the view fills caches.
        let (fixture, created) = Fixture::after(before).await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        fixture.site.wire.on(move |call| {
            assert_eq!(call.index(), None, "no write depends on an index");
            if is_cached(call) {
                return FaultAction::Pass;
            }
            noted.lock().unwrap().push(call.operation.to_owned());
            FaultAction::Pass
        });
        fixture.attempt(&created, write).await.unwrap();
        fixture.site.wire.clear();
        Self {
            before: seen,
            after: fixture.view().await,
            requests: requests.lock().unwrap().clone(),
        }
    }
}

/// Returns the outcomes per fault, with the fault at each request from the first write on.
pub(super) async fn outcomes(row: &FaultCase) -> Vec<BTreeSet<FaultOutcome>> {
    let expected = Box::pin(FaultFree::of(row.1, row.2)).await;
    let mut outcomes = Vec::new();
    for (name, fault) in FAULTS {
        let mut found = BTreeSet::new();
        let first = expected
            .requests
            .iter()
            .position(|operation| !reads(operation));
        let requests = expected.requests.iter().enumerate();
        for (nth, operation) in requests.skip(first.unwrap_or(0)) {
            if can_occur(fault, operation) {
                let case = format!("{} with {name} at request {nth}, {operation}", row.0);
                found.insert(Box::pin(outcome(row, &expected, (fault, nth), &case)).await);
            }
        }
        outcomes.push(found);
    }
    outcomes
}

async fn outcome(
    (_, before, write): &FaultCase,
    expected: &FaultFree,
    (fault, nth): (FaultAction, usize),
    case: &str,
) -> FaultOutcome {
    let (fixture, created) = Fixture::after(before).await;
    let mut calls = 0;
    fixture.site.wire.on(move |call| {
        if is_cached(call) {
            return FaultAction::Pass;
        }
        calls += 1;
        if calls == nth + 1 {
            fault
        } else {
            FaultAction::Pass
        }
    });
    let mut response = fixture.attempt(&created, *write).await;
    fixture.site.wire.clear();
    if matches!(fault, FaultAction::CrashBefore | FaultAction::CrashAfter) {
        // A crashed process does not respond.
        response = Err(Error::Contended);
    }
    fixture.require_consistency(case).await;
    let seen = fixture.view().await;
    if *write == TestWrite::UseCookie && response.is_ok() && seen == expected.before {
        fixture.attempt(&created, *write).await.unwrap();
        assert_eq!(fixture.view().await, expected.after, "{case}, repeated");
        return FaultOutcome::Unrecorded;
    }
    let outcome = match classify(response, &seen, expected, case) {
        FaultOutcome::ResponseLost if write.may_apply_twice() => FaultOutcome::DoneAgain,
        FaultOutcome::ResponseLost if matches!(write, TestWrite::RefreshSession) => {
            FaultOutcome::Ended
        }
        // The counts in memory are stored again before the list of unknown addresses is read.
        FaultOutcome::Repaired if matches!(write, TestWrite::StoreUnknownAddresses) => {
            FaultOutcome::DoneAgain
        }
        outcome => outcome,
    };
    if outcome == FaultOutcome::Ended {
        let repeated = fixture.attempt(&created, *write).await;
        assert!(matches!(repeated, Err(Error::Unauthenticated(_))), "{case}");
        let seen = fixture.view().await;
        assert!(seen.contains(" has 0 sessions"), "{case}: {seen}");
    } else if outcome == FaultOutcome::DoneAgain {
        fixture.attempt(&created, *write).await.unwrap();
    } else if outcome != FaultOutcome::Done {
        let repeated = fixture.attempt(&created, *write).await;
        let confirmed = repeated.as_ref().map_err(|error| confirms(error, *write));
        assert!(
            matches!(confirmed, Ok(()) | Err(true)),
            "{case}, then {repeated:?}"
        );
        assert_eq!(fixture.view().await, expected.after, "{case}, repeated");
        fixture.require_consistency(case).await;
    }
    outcome
}

/// A lost response or a crash after a read equals a crash before the next request.
fn can_occur(fault: FaultAction, operation: &str) -> bool {
    match fault {
        FaultAction::TransactionConflict => !reads(operation) && operation != "BatchWriteItem",
        FaultAction::Unprocessed => ["BatchWriteItem", "BatchGetItem"].contains(&operation),
        FaultAction::LoseResponse | FaultAction::CrashAfter => !reads(operation),
        _ => true,
    }
}

/// True for reads of the tree of categories. It is cached for seconds, so whether they occur depends on
/// the speed of the test.
fn is_cached(call: &Call<'_>) -> bool {
    call.body["ExpressionAttributeValues"][":pk"]["S"] == keys::tree()
}

fn reads(operation: &str) -> bool {
    ["GetItem", "Query", "BatchGetItem", "TransactGetItems"].contains(&operation)
}

fn classify(response: Result<()>, seen: &str, expected: &FaultFree, case: &str) -> FaultOutcome {
    match response {
        Ok(()) => {
            assert_eq!(seen, expected.after, "{case}: the client received success");
            FaultOutcome::Done
        }
        Err(Error::Unavailable(_) | Error::Contended) if seen == expected.before => {
            FaultOutcome::NotDone
        }
        Err(Error::Unavailable(_) | Error::Contended) if seen == expected.after => {
            FaultOutcome::ResponseLost
        }
        Err(Error::Unavailable(_) | Error::Contended) => FaultOutcome::Repaired,
        Err(error) => panic!("{case}: {error}"),
    }
}

/// Whether this refusal of a repetition without idempotency key implies that the write was applied.
fn confirms(error: &Error, write: TestWrite) -> bool {
    let known = matches!(
        error,
        Error::Outdated(_)
            | Error::Gone(_)
            | Error::Taken { .. }
            | Error::NotFound(_)
            | Error::Unauthenticated(_)
            | Error::SecondFactorEnrolled
    );
    known && !write.supports_key()
}
