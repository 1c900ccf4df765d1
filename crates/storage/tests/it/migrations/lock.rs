use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use tintero_storage::migrations::{LOCK_LEASE, MigrationError, StepOutcome};
use tokio::sync::Notify;

use super::stage::{Stage, notes};

/// A connection whose first request of one operation waits until it is let through.
#[derive(Debug, Clone)]
struct Gate {
    inner: SharedHttpClient,
    operation: &'static str,
    shut: Arc<AtomicBool>,
    arrived: Arc<Notify>,
    opened: Arc<Notify>,
}

impl Gate {
    fn before(operation: &'static str, stage: &Stage) -> Self {
        Self {
            inner: stage.wire.http_client(),
            operation,
            shut: Arc::new(AtomicBool::new(true)),
            arrived: Arc::default(),
            opened: Arc::default(),
        }
    }
}

impl HttpClient for Gate {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(GatedConnector {
            gate: self.clone(),
            inner,
        })
    }
}

#[derive(Debug)]
struct GatedConnector {
    gate: Gate,
    inner: SharedHttpConnector,
}

impl HttpConnector for GatedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if !target.ends_with(self.gate.operation) || !self.gate.shut.swap(false, Ordering::Relaxed)
        {
            return self.inner.call(request);
        }
        let (gate, inner) = (self.gate.clone(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            gate.arrived.notify_one();
            gate.opened.notified().await;
            inner.call(request).await
        })
    }
}

#[tokio::test]
async fn of_two_runners_one_works_and_the_other_learns_who_that_is() {
    let stage = Stage::new();
    let gate = Gate::before("UpdateTimeToLive", &stage);
    let slow = stage
        .migrator_over(SharedHttpClient::new(gate.clone()), "ana@laptop")
        .with_set(notes());
    let ana = tokio::spawn(async move { slow.up().await });
    gate.arrived.notified().await;

    let ben = stage.migrator("ben").with_set(notes());
    let error = ben.up().await.unwrap_err();
    insta::assert_snapshot!(error, @r"ana@laptop (since 2026-11-22T10:00:00.000Z, lease until 2026-11-22T10:00:30.000Z) holds the migration lock; wait for it, or run `tintero migrate unlock` if that process is dead");

    gate.opened.notify_one();
    assert_eq!(ana.await.unwrap().unwrap().applied.len(), 1);
    assert!(ben.up().await.unwrap().applied.is_empty());
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_the_old_holder_writes_nothing_more() {
    let stage = Stage::new();
    let gate = Gate::before("TransactWriteItems", &stage);
    let slow = stage
        .migrator_over(SharedHttpClient::new(gate.clone()), "ana")
        .with_set(notes());
    let ana = tokio::spawn(async move { slow.up().await });
    gate.arrived.notified().await;

    stage.fate.pass(LOCK_LEASE + LOCK_LEASE);
    let ben = stage.migrator("ben").with_set(notes());
    ben.up().await.unwrap();
    let journal = ben.status().await.unwrap();

    gate.opened.notify_one();
    assert!(matches!(
        ana.await.unwrap(),
        Err(MigrationError::LockLost(_))
    ));
    assert_eq!(ben.status().await.unwrap(), journal);
    assert_eq!(journal[0].entry.as_ref().unwrap().operator, "ben");
}

#[tokio::test]
async fn a_run_that_lost_its_lock_between_two_steps_stops_there() {
    let stage = Stage::new();
    let gate = Gate::before("UpdateTimeToLive", &stage);
    let slow = stage
        .migrator_over(SharedHttpClient::new(gate.clone()), "ana")
        .with_set(notes());
    let ana = tokio::spawn(async move { slow.up().await });
    gate.arrived.notified().await;

    let other = stage.migrator("ben").with_set(notes());
    assert_eq!(other.unlock().await.unwrap().unwrap().operator, "ana");
    stage.fate.pass(LOCK_LEASE);
    gate.opened.notify_one();
    assert!(matches!(
        ana.await.unwrap(),
        Err(MigrationError::LockLost(None))
    ));

    let steps = other.up().await.unwrap().applied.remove(0).steps;
    assert_eq!(steps[1].outcome, StepOutcome::AlreadyThere, "{steps:?}");
}

#[tokio::test]
async fn work_that_goes_on_renews_its_lease() {
    let stage = Stage::new();
    let gate = Gate::before("UpdateTimeToLive", &stage);
    let slow = stage
        .migrator_over(SharedHttpClient::new(gate.clone()), "ana")
        .with_set(notes());
    let ana = tokio::spawn(async move { slow.up().await });
    gate.arrived.notified().await;
    // Nobody took the lock although its lease has passed.
    stage.fate.pass(LOCK_LEASE + LOCK_LEASE);
    gate.opened.notify_one();
    ana.await.unwrap().unwrap();
    let operations = stage.wire.measure().operations;
    let of_lock = operations
        .iter()
        .filter(|operation| *operation == "UpdateItem");
    assert_eq!(of_lock.count(), 3, "taken, renewed, released");
}

#[tokio::test]
async fn unlocking_what_nobody_holds_says_so() {
    assert_eq!(Stage::new().migrator("ana").unlock().await.unwrap(), None);
    assert_eq!(
        Stage::migrated()
            .await
            .migrator("ana")
            .unlock()
            .await
            .unwrap(),
        None
    );
}
