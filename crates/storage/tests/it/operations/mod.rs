//! Long operations: who works on them, how they stop, and how long they are remembered.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    access::Role,
    act::{Act, Action},
    categories::NewCategory,
    clock::Ids as _,
    operations::{ItemFailure, Lease, Operation, Outcome, Runner, State, Step, Work},
    page::{Limit, PageRequest},
    posts::PostStore as _,
    values::{IdOrSlug, OperationId, PostId},
};
use uuid::Uuid;

use crate::site::{Site, caller, editor, site};

/// Work that does what it is told, and counts how often it was asked.
#[derive(Default)]
struct Told {
    steps: AtomicU64,
    answers: Mutex<Vec<Result<Step>>>,
}

#[async_trait]
impl Work for Told {
    async fn step(&self, _: &Operation, _: &Lease) -> Result<Step> {
        self.steps.fetch_add(1, Ordering::SeqCst);
        let next = self.answers.lock().unwrap().pop();
        next.unwrap_or_else(|| Ok(more(&[])))
    }
}

fn more(failed: &[u128]) -> Step {
    let failure = |n: &u128| ItemFailure {
        post_id: PostId::new(Uuid::from_u128(*n)),
        detail: "no".to_owned(),
    };
    Step::More {
        position: Some("here".to_owned()),
        failures: failed.iter().map(failure).collect(),
    }
}

fn runner(site: &Site, work: &Arc<Told>) -> Runner {
    let (clock, ids) = (site.clock.clone(), site.ids.clone());
    Runner::new(site.operation_store(), work.clone(), clock, ids)
}

/// An operation that may begin.
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

async fn state(site: &Site, id: OperationId) -> State {
    site.operations.get(&editor(), id).await.unwrap().state
}

fn act(site: &Site) -> Act {
    Act {
        id: site.ids.next(),
        actor: None,
        key: None,
        action: Action::AdvanceOperation,
        at: site.now(),
        request_id: "test".to_owned(),
        idempotency: None,
        step: None,
    }
}

fn outcome(state: State) -> Option<Outcome> {
    match state {
        State::Finished { outcome, .. } => Some(outcome),
        State::Queued | State::Running { .. } => None,
    }
}

#[tokio::test]
async fn nobody_begins_before_its_time_and_one_runner_at_a_time_works() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    site.clock.forward(-5_000);
    let work = Arc::new(Told::default());
    let (one, two) = (runner(&site, &work), runner(&site, &work));
    assert!(!one.round().await.unwrap().worked, "servers are still told");
    assert_eq!(state(&site, id).await, State::Queued);
    site.clock.forward(5_000);
    let (first, second) = tokio::join!(one.round(), two.round());
    let worked = [first.unwrap().worked, second.unwrap().worked];
    assert_eq!(worked.iter().filter(|worked| **worked).count(), 1);
    let (winner, loser) = if worked[0] {
        (&one, &two)
    } else {
        (&two, &one)
    };
    assert!(winner.round().await.unwrap().worked, "who has it goes on");
    assert!(!loser.round().await.unwrap().worked);
    assert_eq!(work.steps.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_runner_that_died_is_followed_by_another_when_its_lease_has_run_out() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    let (dead, heir) = (runner(&site, &work), runner(&site, &work));
    dead.round().await.unwrap();
    site.clock.forward(9_000);
    assert!(!heir.round().await.unwrap().worked);
    site.clock.forward(1_000);
    assert!(heir.round().await.unwrap().worked);
    let operation = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(
        (operation.fence, operation.position.as_deref()),
        (2, Some("here"))
    );
}

#[tokio::test]
async fn a_runner_that_was_overtaken_writes_nothing_any_more() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    let slow = runner(&site, &work);
    slow.round().await.unwrap();
    let operation = site.operations.get(&editor(), id).await.unwrap();
    let State::Running { holder, .. } = operation.state else {
        panic!("{operation:?}")
    };
    let old = Lease {
        operation: id,
        holder,
        fence: operation.fence,
    };
    site.clock.forward(10_000);
    runner(&site, &work).round().await.unwrap();
    let before = site.operations.get(&editor(), id).await.unwrap();
    let store = site.operation_store();
    let advanced = store
        .advance(&act(&site), &old, Some("elsewhere"), &[])
        .await;
    assert!(matches!(advanced, Err(Error::LeaseLost)));
    let ended = store
        .finish(&act(&site), &old, Outcome::Succeeded, &[])
        .await;
    assert!(matches!(ended, Err(Error::LeaseLost)));
    let taken = store.take(&act(&site), &operation, &old).await;
    assert!(matches!(taken, Err(Error::LeaseLost)));
    assert!(!slow.round().await.unwrap().worked);
    assert_eq!(site.operations.get(&editor(), id).await.unwrap(), before);
}

#[tokio::test]
async fn an_item_done_under_an_old_lease_is_not_done() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    runner(&site, &work).round().await.unwrap();
    let copy = site.a_post("Post").await;
    let lease = |fence| Lease {
        operation: id,
        holder: Uuid::nil(),
        fence,
    };
    let store = site.post_store();
    let mut after = copy.post.clone();
    after.standing.version = after.standing.version.next();
    let under = |fence| Act {
        step: Some(lease(fence)),
        ..act(&site)
    };
    let stale = store.update(&under(0), &copy.post, &after, &[]).await;
    assert!(matches!(stale, Err(Error::LeaseLost)));
    let found = site.posts.get(&editor(), copy.post.standing.id).await;
    assert_eq!(found.unwrap().copy, copy);
    let _ = store
        .update(&under(1), &copy.post, &after, &[])
        .await
        .unwrap();
    assert_eq!(site.operations.get(&editor(), id).await.unwrap().done, 1);
}

#[tokio::test]
async fn a_wish_to_stop_is_heeded_before_the_next_step() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    let runner = runner(&site, &work);
    runner.round().await.unwrap();
    let author = caller(Role::Author, 9);
    let refused = site.operations.cancel(&author, id).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    assert!(
        site.operations
            .cancel(&editor(), id)
            .await
            .unwrap()
            .stop_wanted
    );
    runner.round().await.unwrap();
    assert_eq!(work.steps.load(Ordering::SeqCst), 1);
    assert_eq!(outcome(state(&site, id).await), Some(Outcome::Cancelled));
    assert!(!runner.round().await.unwrap().worked);
    let again = site.operations.cancel(&editor(), id).await.unwrap();
    assert_eq!(outcome(again.state), Some(Outcome::Cancelled));
}

#[tokio::test]
async fn items_that_fail_are_listed_and_too_many_of_them_end_it() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    let failed = Step::Ended {
        failures: match more(&[1]) {
            Step::More { failures, .. } => failures,
            ended @ Step::Ended { .. } => panic!("{ended:?}"),
        },
    };
    *work.answers.lock().unwrap() = vec![Ok(failed), Ok(more(&[1, 2])), Ok(more(&[1]))];
    let first = runner(&site, &work);
    first.round().await.unwrap();
    first.round().await.unwrap();
    let operation = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(
        operation.failures.len(),
        2,
        "one that fails again is the same"
    );
    first.round().await.unwrap();
    assert_eq!(outcome(state(&site, id).await), Some(Outcome::ItemsFailed));

    let id = begun(&site, "Otro").await;
    let many: Vec<u128> = (0..101).collect();
    *work.answers.lock().unwrap() = vec![Ok(more(&many))];
    runner(&site, &work).round().await.unwrap();
    let given_up = site.operations.get(&editor(), id).await.unwrap();
    assert_eq!(outcome(given_up.state), Some(Outcome::TooManyFailed));
    assert_eq!(given_up.failures.len(), 100);
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_ends_it() {
    let site = site().await;
    let id = begun(&site, "Uno").await;
    let work = Arc::new(Told::default());
    let corrupt = Error::Corrupt {
        what: "post".to_owned(),
        source: "broken".into(),
    };
    *work.answers.lock().unwrap() = vec![Err(corrupt), Err(Error::Unavailable("off".into()))];
    let runner = runner(&site, &work);
    assert_eq!(runner.round().await.unwrap().faults.len(), 1);
    assert_eq!(outcome(state(&site, id).await), None);
    assert_eq!(runner.round().await.unwrap().faults.len(), 1);
    assert_eq!(outcome(state(&site, id).await), Some(Outcome::Broken));
}

#[tokio::test]
async fn operations_are_listed_the_newest_first_and_forgotten_after_30_days() {
    let site = site().await;
    let first = begun(&site, "Uno").await;
    let second = begun(&site, "Dos").await;
    let work = Arc::new(Told::default());
    site.operations.cancel(&editor(), first).await.unwrap();
    runner(&site, &work).round().await.unwrap();
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
    assert_eq!(list(1).await, [second], "the other one did not end");
    let forgotten = site.operations.get(&editor(), first).await;
    assert!(matches!(forgotten, Err(Error::NotFound(_))));
    let (author, page) = (caller(Role::Author, 9), PageRequest::default());
    let refused = site.operations.list(&author, &page).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
