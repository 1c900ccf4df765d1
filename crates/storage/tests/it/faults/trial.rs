//! One write, one fault: what comes of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use tintero_domain::{Error, Result};
use tintero_embedded::faults::{Call, FaultAction};
use tintero_storage::keys;

use super::{
    deeds::{Deed, Row},
    stage::Stage,
};

/// The faults, and what they are called on the page.
pub(super) const FAULTS: [(&str, FaultAction); 6] = [
    ("throttled", FaultAction::Throttle),
    ("transaction conflict", FaultAction::TransactionConflict),
    ("batch not processed", FaultAction::Unprocessed),
    ("answer lost", FaultAction::LoseResponse),
    ("crash before", FaultAction::CrashBefore),
    ("crash after", FaultAction::CrashAfter),
];

/// What came of a write that met a fault. All but the last end with the write done, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Its client was told that it is done, and it is.
    Done,
    /// Nothing of it happened; the repetition does it.
    NotDone,
    /// It is done, and its client was not told; the repetition tells.
    DoneUnheard,
    /// Something of it happened that does no harm; the repetition does the rest.
    Repaired,
    /// It is done, and nobody was told; the repetition does it once more.
    DoneAnew,
}

/// The site as it is seen before the write and after it, when nothing goes wrong.
struct Course {
    before: String,
    after: String,
    /// The operations of its requests, in order.
    requests: Vec<String>,
}

impl Course {
    async fn of(before: &[Deed], deed: Deed) -> Self {
        let (stage, _) = Stage::after(before).await;
        let seen = stage.view().await;
        // Another one, because whoever has looked remembers some of it and asks for less.
        let (stage, memory) = Stage::after(before).await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        stage.site.wire.on(move |call| {
            assert_eq!(call.index(), None, "no write depends on an index");
            if is_remembered(call) {
                return FaultAction::Pass;
            }
            noted.lock().unwrap().push(call.operation.to_owned());
            FaultAction::Pass
        });
        stage.attempt(&memory, deed).await.unwrap();
        stage.site.wire.clear();
        Self {
            before: seen,
            after: stage.view().await,
            requests: requests.lock().unwrap().clone(),
        }
    }
}

/// What comes of a write that meets each of the faults, at each of its requests.
pub(super) async fn outcomes(row: &Row) -> Vec<BTreeSet<Outcome>> {
    let course = Box::pin(Course::of(row.1, row.2)).await;
    let mut outcomes = Vec::new();
    for (name, fault) in FAULTS {
        let mut found = BTreeSet::new();
        let first = course
            .requests
            .iter()
            .position(|operation| !reads(operation));
        let requests = course.requests.iter().enumerate();
        for (nth, operation) in requests.skip(first.unwrap_or(0)) {
            if can_befall(fault, operation) {
                let case = format!("{} with {name} at request {nth}, {operation}", row.0);
                found.insert(Box::pin(outcome(row, &course, (fault, nth), &case)).await);
            }
        }
        outcomes.push(found);
    }
    outcomes
}

async fn outcome(
    (_, before, deed): &Row,
    course: &Course,
    (fault, nth): (FaultAction, usize),
    case: &str,
) -> Outcome {
    let (stage, memory) = Stage::after(before).await;
    let mut calls = 0;
    stage.site.wire.on(move |call| {
        if is_remembered(call) {
            return FaultAction::Pass;
        }
        calls += 1;
        if calls == nth + 1 {
            fault
        } else {
            FaultAction::Pass
        }
    });
    let mut told = stage.attempt(&memory, *deed).await;
    stage.site.wire.clear();
    if matches!(fault, FaultAction::CrashBefore | FaultAction::CrashAfter) {
        // Whatever the process would have told: it is gone.
        told = Err(Error::Contended);
    }
    stage.require_order(case).await;
    let outcome = match judge(told, &stage.view().await, course, case) {
        Outcome::DoneUnheard if deed.makes_a_secret() => Outcome::DoneAnew,
        outcome => outcome,
    };
    if outcome == Outcome::DoneAnew {
        stage.attempt(&memory, *deed).await.unwrap();
    } else if outcome != Outcome::Done {
        let repeated = stage.attempt(&memory, *deed).await;
        let told = repeated.as_ref().map_err(|error| may_tell(error, *deed));
        assert!(
            matches!(told, Ok(()) | Err(true)),
            "{case}, then {repeated:?}"
        );
        assert_eq!(stage.view().await, course.after, "{case}, repeated");
        stage.require_order(case).await;
    }
    outcome
}

/// After a read nothing is lost with the answer, and a crash is one before the next request.
fn can_befall(fault: FaultAction, operation: &str) -> bool {
    match fault {
        FaultAction::TransactionConflict => !reads(operation) && operation != "BatchWriteItem",
        FaultAction::Unprocessed => ["BatchWriteItem", "BatchGetItem"].contains(&operation),
        FaultAction::LoseResponse | FaultAction::CrashAfter => !reads(operation),
        _ => true,
    }
}

/// True of reading the tree, which is remembered for some seconds: whether it happens depends on
/// how fast the test is.
fn is_remembered(call: &Call<'_>) -> bool {
    call.body["ExpressionAttributeValues"][":pk"]["S"] == keys::tree()
}

fn reads(operation: &str) -> bool {
    ["GetItem", "Query", "BatchGetItem", "TransactGetItems"].contains(&operation)
}

fn judge(told: Result<()>, seen: &str, course: &Course, case: &str) -> Outcome {
    match told {
        Ok(()) => {
            assert_eq!(seen, course.after, "{case}: done, as the client was told");
            Outcome::Done
        }
        Err(Error::Unavailable(_) | Error::Contended) if seen == course.before => Outcome::NotDone,
        Err(Error::Unavailable(_) | Error::Contended) if seen == course.after => {
            Outcome::DoneUnheard
        }
        Err(Error::Unavailable(_) | Error::Contended) => Outcome::Repaired,
        Err(error) => panic!("{case}: {error}"),
    }
}

/// True when this refusal of a repetition tells that the write is done: where no key is taken.
fn may_tell(error: &Error, deed: Deed) -> bool {
    let known = matches!(
        error,
        Error::Outdated(_) | Error::Taken { .. } | Error::NotFound(_)
    );
    known && !deed.takes_a_key()
}
