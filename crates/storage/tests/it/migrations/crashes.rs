use std::cmp::Ordering;

use tintero_embedded::faults::FaultAction;
use tintero_storage::migrations::{
    LOCK_LEASE, MigrationError, MigrationReport, MigrationState, MigrationStatus,
};

use super::stage::{Stage, changed_notes};

/// The result of a disturbed run and the states after it.
type Disturbed = (
    Result<MigrationReport, MigrationError>,
    Vec<MigrationStatus>,
);

/// Disturbs a run at each of its requests, and requires that the next run completes it.
///
/// `action` decides about a request by its position relative to the disturbed one.
async fn disturb_each_request(action: fn(Ordering) -> FaultAction) -> Vec<Disturbed> {
    let mut runs = Vec::new();
    for nth in 1..=undisturbed_requests().await {
        let stage = Stage::new();
        let migrator = stage.migrator("ana").with_set(changed_notes());
        let mut number = 0_u64;
        stage.wire.on(move |_| {
            number += 1;
            action(number.cmp(&nth))
        });
        let result = migrator.up().await;
        stage.wire.clear();
        runs.push((result, migrator.status().await.unwrap()));

        stage.clock.advance(LOCK_LEASE * 2);
        let next = migrator.up().await;
        next.unwrap_or_else(|error| panic!("disturbed at request {nth}: {error}"));
        let verification = migrator.verify().await.unwrap();
        assert!(verification.is_clean(), "request {nth}: {verification}");
        assert!(all_done(&migrator.status().await.unwrap()), "request {nth}");
    }
    runs
}

async fn undisturbed_requests() -> u64 {
    let stage = Stage::new();
    let migrator = stage.migrator("ana").with_set(changed_notes());
    migrator.up().await.unwrap();
    stage.wire.measure().requests
}

fn all_done(statuses: &[MigrationStatus]) -> bool {
    let mut states = statuses.iter().map(|status| status.state);
    states.all(|state| state == MigrationState::Done)
}

#[tokio::test]
async fn up_completes_a_run_that_crashed_before_any_request() {
    disturb_each_request(|position| match position {
        Ordering::Less => FaultAction::Pass,
        Ordering::Equal | Ordering::Greater => FaultAction::CrashBefore,
    })
    .await;
}

#[tokio::test]
async fn up_completes_a_run_that_crashed_after_any_request() {
    disturb_each_request(|position| match position {
        Ordering::Less => FaultAction::Pass,
        Ordering::Equal => FaultAction::LoseResponse,
        Ordering::Greater => FaultAction::CrashBefore,
    })
    .await;
}

#[tokio::test]
async fn a_lost_response_does_not_stop_a_run() {
    let runs = disturb_each_request(|position| match position {
        Ordering::Equal => FaultAction::LoseResponse,
        Ordering::Less | Ordering::Greater => FaultAction::Pass,
    })
    .await;
    for (result, _) in runs {
        result.unwrap();
    }
}

#[tokio::test]
async fn the_journal_records_a_failed_request() {
    let runs = disturb_each_request(|position| match position {
        Ordering::Equal => FaultAction::CrashBefore,
        Ordering::Less | Ordering::Greater => FaultAction::Pass,
    })
    .await;
    let mut failed = 0;
    for (result, statuses) in &runs {
        let is_failed = |status: &MigrationStatus| status.state == MigrationState::Failed;
        failed += usize::from(statuses.iter().any(is_failed));
        assert!(result.is_err() || all_done(statuses), "{statuses:?}");
    }
    assert!(failed > 10, "{failed} of {}", runs.len());
}
