//! Operations: leases, cancellation, failures and retention.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    access::Role,
    audit_action::AuditAction,
    clock::Ids as _,
    lease::Lease,
    operations::{
        ItemFailure, Operation, OperationOutcome, OperationProgress, OperationState,
        OperationWorker, Runner,
    },
    page::{Limit, PageRequest},
    posts::PostStore as _,
    taxonomy::NewCategory,
    values::{IdOrSlug, OperationId},
    writes::WriteContext,
};
use uuid::Uuid;

use crate::site::{Site, caller, editor, site};

/// A worker with scripted results that counts its steps.
#[derive(Default)]
struct ScriptedWorker {
    steps: AtomicU64,
    results: Mutex<Vec<Result<OperationProgress>>>,
}

#[async_trait]
impl OperationWorker for ScriptedWorker {
    async fn step(&self, _: &Operation, _: &Lease) -> Result<OperationProgress> {
        self.steps.fetch_add(1, Ordering::SeqCst);
        let next = self.results.lock().unwrap().pop();
        next.unwrap_or_else(|| Ok(more(&[])))
    }
}

fn more(failed: &[u128]) -> OperationProgress {
    let failure = |n: &u128| ItemFailure {
        item: Uuid::from_u128(*n),
        detail: "no".to_owned(),
    };
    OperationProgress::Continue {
        position: Some("here".to_owned()),
        failures: failed.iter().map(failure).collect(),
    }
}

fn runner(site: &Site, work: &Arc<ScriptedWorker>) -> Runner {
    let (clock, ids) = (site.clock.clone(), site.ids.clone());
    Runner::new(site.operation_store(), work.clone(), clock, ids)
}

/// An operation after its grace period.
async fn begun(site: &Site, name: &str) -> OperationId {
    let mut made = Vec::new();
    for name in [name.to_owned(), format!("{name} dos")] {
        let new = NewCategory {
            name: name.parse().unwrap(),
            slug: None,
            parent_id: None,
        };
        made.push(
            site.categories
                .create(&editor(), new)
                .await
                .unwrap()
                .category,
        );
    }
    let (id, base, into) = (made[0].id, made[0].version, IdOrSlug::Id(made[1].id));
    let operation = site.categories.merge(&editor(), id, base, &into).await;
    site.clock.forward(11_000);
    operation.unwrap().id
}

async fn state(site: &Site, id: OperationId) -> OperationState {
    site.operations.get(&editor(), id).await.unwrap().state
}

fn context(site: &Site) -> WriteContext {
    WriteContext {
        id: site.ids.next(),
        actor: None,
        key: None,
        action: AuditAction::AdvanceOperation,
        at: site.now(),
        request_id: "test".to_owned(),
        idempotency: None,
        step: None,
    }
}

fn outcome(state: OperationState) -> Option<OperationOutcome> {
    match state {
        OperationState::Finished { outcome, .. } => Some(outcome),
        OperationState::Queued | OperationState::Running { .. } => None,
    }
}

#[tokio::test]
async fn an_operation_starts_after_the_grace_period_with_one_runner_at_a_time() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    site.clock.forward(-5_000);
    let work = Arc::new(ScriptedWorker::default());
    let (one, two) = (runner(&site, &work), runner(&site, &work));
    assert!(
        !one.poll().await.unwrap().worked,
        "the grace period has not ended"
    );
    assert_eq!(state(&site, id).await, OperationState::Queued);
    site.clock.forward(5_000);
    let (first, second) = tokio::join!(one.poll(), two.poll());
    let worked = [first.unwrap().worked, second.unwrap().worked];
    assert_eq!(worked.iter().filter(|worked| **worked).count(), 1);
    let (winner, loser) = if worked[0] {
        (&one, &two)
    } else {
        (&two, &one)
    };
    assert!(
        winner.poll().await.unwrap().worked,
        "the lease holder continues"
    );
    assert!(!loser.poll().await.unwrap().worked);
    assert_eq!(work.steps.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn another_runner_continues_after_the_lease_of_a_crashed_one_expires() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    let (crashed, next) = (runner(&site, &work), runner(&site, &work));
    crashed.poll().await.unwrap();
    site.clock.forward(9_000);
    assert!(!next.poll().await.unwrap().worked);
    site.clock.forward(1_000);
    assert!(next.poll().await.unwrap().worked);
    let operation = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(
        (operation.fence, operation.position.as_deref()),
        (2, Some("here"))
    );
}

#[tokio::test]
async fn a_superseded_runner_cannot_write() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    let slow = runner(&site, &work);
    slow.poll().await.unwrap();
    let operation = site.operations.get(&editor(), id).await.unwrap();
    let OperationState::Running { holder, .. } = operation.state else {
        panic!("{operation:?}")
    };
    let old = Lease {
        operation: id,
        holder,
        fence: operation.fence,
    };
    site.clock.forward(10_000);
    runner(&site, &work).poll().await.unwrap();
    let before = site.operations.get(&editor(), id).await.unwrap();
    let store = site.operation_store();
    let advanced = store
        .advance(&context(&site), &old, Some("elsewhere"), &[])
        .await;
    assert!(matches!(advanced, Err(Error::LeaseLost)));
    let ended = store
        .finish(&context(&site), &old, OperationOutcome::Succeeded, &[])
        .await;
    assert!(matches!(ended, Err(Error::LeaseLost)));
    let acquired = store.acquire(&context(&site), &operation, &old).await;
    assert!(matches!(acquired, Err(Error::LeaseLost)));
    assert!(!slow.poll().await.unwrap().worked);
    assert_eq!(site.operations.get(&editor(), id).await.unwrap(), before);
}

#[tokio::test]
async fn an_item_under_an_old_lease_is_rejected() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    runner(&site, &work).poll().await.unwrap();
    let copy = site.a_post("Post").await;
    let lease = |fence| Lease {
        operation: id,
        holder: Uuid::nil(),
        fence,
    };
    let store = site.post_store();
    let mut after = copy.post.clone();
    after.state.version = after.state.version.next();
    let under = |fence| WriteContext {
        step: Some(lease(fence)),
        ..context(&site)
    };
    let stale = store.update(&under(0), &copy.post, &after, &[]).await;
    assert!(matches!(stale, Err(Error::LeaseLost)));
    let found = site.posts.get(&editor(), copy.post.state.id).await;
    assert_eq!(found.unwrap().copy, copy);
    let _ = store
        .update(&under(1), &copy.post, &after, &[])
        .await
        .unwrap();
    assert_eq!(site.operations.get(&editor(), id).await.unwrap().done, 1);
}

#[tokio::test]
async fn a_cancelled_operation_stops_before_its_next_step() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    let runner = runner(&site, &work);
    runner.poll().await.unwrap();
    let author = caller(Role::Author, 9);
    let refused = site.operations.cancel(&author, id).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    assert!(
        site.operations
            .cancel(&editor(), id)
            .await
            .unwrap()
            .cancel_requested
    );
    runner.poll().await.unwrap();
    assert_eq!(work.steps.load(Ordering::SeqCst), 1);
    assert_eq!(
        outcome(state(&site, id).await),
        Some(OperationOutcome::Cancelled)
    );
    assert!(!runner.poll().await.unwrap().worked);
    let again = site.operations.cancel(&editor(), id).await.unwrap();
    assert_eq!(outcome(again.state), Some(OperationOutcome::Cancelled));
}

#[tokio::test]
async fn failed_items_are_listed_and_too_many_abort_the_operation() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    let failed = OperationProgress::Completed {
        failures: match more(&[1]) {
            OperationProgress::Continue { failures, .. } => failures,
            ended @ OperationProgress::Completed { .. } => panic!("{ended:?}"),
        },
    };
    *work.results.lock().unwrap() = vec![Ok(failed), Ok(more(&[1, 2])), Ok(more(&[1]))];
    let first = runner(&site, &work);
    first.poll().await.unwrap();
    first.poll().await.unwrap();
    let operation = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(
        operation.failures.len(),
        2,
        "an item that fails again counts once"
    );
    first.poll().await.unwrap();
    assert_eq!(
        outcome(state(&site, id).await),
        Some(OperationOutcome::ItemsFailed)
    );

    let id = begun(&site, "Otro").await;
    let many: Vec<u128> = (0..101).collect();
    *work.results.lock().unwrap() = vec![Ok(more(&many))];
    runner(&site, &work).poll().await.unwrap();
    let given_up = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(
        outcome(given_up.state),
        Some(OperationOutcome::TooManyFailed)
    );
    assert_eq!(given_up.failures.len(), 100);
}

#[tokio::test]
async fn transient_errors_are_retried_and_permanent_ones_abort_the_operation() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(ScriptedWorker::default());
    let corrupt = Error::Corrupt {
        what: "post".to_owned(),
        source: "broken".into(),
    };
    *work.results.lock().unwrap() = vec![Err(corrupt), Err(Error::Unavailable("off".into()))];
    let runner = runner(&site, &work);
    assert_eq!(runner.poll().await.unwrap().faults.len(), 1);
    assert_eq!(outcome(state(&site, id).await), None);
    assert_eq!(runner.poll().await.unwrap().faults.len(), 1);
    assert_eq!(
        outcome(state(&site, id).await),
        Some(OperationOutcome::Broken)
    );
}

#[tokio::test]
async fn operations_are_listed_newest_first_and_deleted_after_30_days() {
    let site = site().await;
    let first = begun(&site, "Uno").await;
    let second = begun(&site, "Dos").await;
    let work = Arc::new(ScriptedWorker::default());
    site.operations.cancel(&editor(), first).await.unwrap();
    runner(&site, &work).poll().await.unwrap();
    let list = async |limit| {
        let mut page = PageRequest {
            limit: Limit::new(limit).unwrap(),
            cursor: None,
        };
        let mut ids = Vec::new();
        loop {
            let found = site.operations.list(&editor(), &page).await.unwrap();
            ids.extend(found.items.into_iter().map(|operation| operation.id));
            match found.next {
                Some(next) => page.cursor = Some(next),
                None => return ids,
            }
        }
    };
    assert_eq!(list(1).await, [second, first]);
    let month = 30 * 24 * 3_600_000;
    site.clock.forward(month - 1_000);
    assert_eq!(list(5).await, [second, first]);
    site.clock.forward(1_000);
    assert_eq!(list(1).await, [second], "the other one is not finished");
    let forgotten = site.operations.get(&editor(), first).await;
    assert!(matches!(forgotten, Err(Error::NotFound(_))));
    let (author, page) = (caller(Role::Author, 9), PageRequest::default());
    let refused = site.operations.list(&author, &page).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
