use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorFuture};
use tintero_storage::migrations::{LOCK_LEASE, MigrationError, MigrationReport, StepOutcome};
use tokio::{sync::Notify, task::JoinHandle};

use super::stage::{Stage, notes};
use crate::database::intercept;

/// A run of `ana@laptop` whose first request of one operation waits until [`resume`](Self::resume).
struct PausedRun {
    run: JoinHandle<Result<MigrationReport, MigrationError>>,
    resumed: Arc<Notify>,
}

impl PausedRun {
    async fn before(operation: &'static str, stage: &Stage) -> Self {
        let paused = AtomicBool::new(false);
        let (arrived, resumed) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let signals = (Arc::clone(&arrived), Arc::clone(&resumed));
        let http = intercept(stage.wire.http_client(), move |request, engine| {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            if !target.ends_with(operation) || paused.swap(true, Ordering::Relaxed) {
                return engine.call(request);
            }
            let (engine, (arrived, resumed)) = (engine.clone(), signals.clone());
            HttpConnectorFuture::new(async move {
                arrived.notify_one();
                resumed.notified().await;
                engine.call(request).await
            })
        });
        let migrator = stage.migrator_over(http, "ana@laptop").with_set(notes());
        let run = tokio::spawn(async move { migrator.up().await });
        arrived.notified().await;
        Self { run, resumed }
    }

    async fn resume(self) -> Result<MigrationReport, MigrationError> {
        self.resumed.notify_one();
        self.run.await.unwrap()
    }
}

#[tokio::test]
async fn a_second_run_fails_and_names_the_holder() {
    let stage = Stage::new();
    let ana = PausedRun::before("UpdateTimeToLive", &stage).await;

    let ben = stage.migrator("ben").with_set(notes());
    let error = ben.up().await.unwrap_err();
    insta::assert_snapshot!(error, @r"ana@laptop (since 2026-11-22T10:00:00.000Z, lease until 2026-11-22T10:00:30.000Z) holds the migration lock; wait for it, or run `tintero migrate unlock` if that process is dead");

    assert_eq!(ana.resume().await.unwrap().applied.len(), 1);
    assert!(ben.up().await.unwrap().applied.is_empty());
}

#[tokio::test]
async fn a_run_cannot_write_after_another_acquired_its_expired_lock() {
    let stage = Stage::new();
    let ana = PausedRun::before("TransactWriteItems", &stage).await;

    stage.clock.advance(LOCK_LEASE + LOCK_LEASE);
    let ben = stage.migrator("ben").with_set(notes());
    ben.up().await.unwrap();
    let journal = ben.status().await.unwrap();

    assert!(matches!(
        ana.resume().await,
        Err(MigrationError::LockLost(_))
    ));
    assert_eq!(ben.status().await.unwrap(), journal);
    assert_eq!(journal[0].entry.as_ref().unwrap().operator, "ben");
}

#[tokio::test]
async fn a_run_stops_between_two_steps_when_its_lock_was_released() {
    let stage = Stage::new();
    let ana = PausedRun::before("UpdateTimeToLive", &stage).await;

    let other = stage.migrator("ben").with_set(notes());
    assert_eq!(
        other.unlock().await.unwrap().unwrap().operator,
        "ana@laptop"
    );
    stage.clock.advance(LOCK_LEASE);
    assert!(matches!(
        ana.resume().await,
        Err(MigrationError::LockLost(None))
    ));

    let steps = other.up().await.unwrap().applied.remove(0).steps;
    assert_eq!(steps[1].outcome, StepOutcome::AlreadyThere, "{steps:?}");
}

#[tokio::test]
async fn a_long_run_renews_its_lease() {
    let stage = Stage::new();
    let ana = PausedRun::before("UpdateTimeToLive", &stage).await;
    // The lease ended, but no other run acquired the lock.
    stage.clock.advance(LOCK_LEASE + LOCK_LEASE);
    ana.resume().await.unwrap();
    let operations = stage.wire.measure().operations;
    let of_lock = operations
        .iter()
        .filter(|operation| *operation == "UpdateItem");
    assert_eq!(of_lock.count(), 3, "acquired, renewed, released");
}

#[tokio::test]
async fn unlock_without_a_holder_returns_none() {
    for stage in [Stage::new(), Stage::migrated().await] {
        assert_eq!(stage.migrator("ana").unlock().await.unwrap(), None);
    }
}
