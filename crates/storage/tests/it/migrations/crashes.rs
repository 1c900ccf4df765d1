use tintero_embedded::faults::FaultAction;
use tintero_storage::migrations::{LOCK_LEASE, MigrationError, Migrator, MigrationReport, MigrationState};

use super::stage::{Stage, changed_notes};

/// Runs `up` while `verdict` judges its requests, numbered from 1.
async fn disturbed(
    stage: &Stage,
    verdict: impl Fn(u64) -> FaultAction + Send + 'static,
) -> (Migrator, Result<MigrationReport, MigrationError>) {
    let migrator = stage.migrator("ana").with_set(changed_notes());
    let mut number = 0;
    stage.wire.on(move |_| {
        number += 1;
        verdict(number)
    });
    let result = migrator.up().await;
    stage.wire.clear();
    (migrator, result)
}

async fn completes(stage: &Stage, migrator: &Migrator, case: &str) {
    stage.fate.pass(LOCK_LEASE * 2);
    migrator
        .up()
        .await
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    let verification = migrator.verify().await.unwrap();
    assert!(verification.is_clean(), "{case}: {verification}");
    let statuses = migrator.status().await.unwrap();
    assert!(
        statuses.iter().all(|status| status.state == MigrationState::Done),
        "{case}: {statuses:?}"
    );
}

/// How many requests an undisturbed `up` sends.
async fn requests() -> u64 {
    let stage = Stage::new();
    let (_, result) = disturbed(&stage, |_| FaultAction::Pass).await;
    result.unwrap();
    stage.wire.measure().requests
}

#[tokio::test]
async fn a_run_that_dies_before_any_request_is_completed_by_the_next() {
    for nth in 1..=requests().await {
        let stage = Stage::new();
        let dies = move |number| {
            if number < nth {
                FaultAction::Pass
            } else {
                FaultAction::CrashBefore
            }
        };
        let (migrator, _) = disturbed(&stage, dies).await;
        completes(&stage, &migrator, &format!("died before request {nth}")).await;
    }
}

#[tokio::test]
async fn a_run_that_dies_after_any_request_is_completed_by_the_next() {
    for nth in 1..=requests().await {
        let stage = Stage::new();
        let dies = move |number: u64| match number.cmp(&nth) {
            std::cmp::Ordering::Less => FaultAction::Pass,
            std::cmp::Ordering::Equal => FaultAction::LoseResponse,
            std::cmp::Ordering::Greater => FaultAction::CrashBefore,
        };
        let (migrator, _) = disturbed(&stage, dies).await;
        completes(&stage, &migrator, &format!("died after request {nth}")).await;
    }
}

#[tokio::test]
async fn a_lost_answer_does_not_stop_a_run() {
    for nth in 1..=requests().await {
        let stage = Stage::new();
        let loses = move |number| {
            if number == nth {
                FaultAction::LoseResponse
            } else {
                FaultAction::Pass
            }
        };
        let (migrator, result) = disturbed(&stage, loses).await;
        result.unwrap_or_else(|error| panic!("lost the answer to request {nth}: {error}"));
        completes(
            &stage,
            &migrator,
            &format!("lost the answer to request {nth}"),
        )
        .await;
    }
}

#[tokio::test]
async fn one_failed_request_is_written_into_the_journal() {
    let total = requests().await;
    let mut failed = 0;
    for nth in 1..=total {
        let stage = Stage::new();
        let fails = move |number| {
            if number == nth {
                FaultAction::CrashBefore
            } else {
                FaultAction::Pass
            }
        };
        let (migrator, result) = disturbed(&stage, fails).await;
        let statuses = migrator.status().await.unwrap();
        failed += usize::from(statuses.iter().any(|status| status.state == MigrationState::Failed));
        if result.is_ok() {
            assert!(
                statuses.iter().all(|status| status.state == MigrationState::Done),
                "request {nth}"
            );
        }
        completes(&stage, &migrator, &format!("request {nth} failed")).await;
    }
    assert!(failed > 10, "{failed} of {total}");
}
