use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use tintero_domain::{text_work::on_workers, values::UserId};
use uuid::Uuid;

use super::*;

const SIZE: usize = MAX_INLINE_BYTES + 1;

fn caller(number: u128) -> WorkShare {
    WorkShare(Some(UserId::new(Uuid::from_u128(number))))
}

fn pool(threads: usize) -> TextPool {
    TextPool::new(NonZeroUsize::new(threads))
}

/// Occupies one thread until the sender is dropped.
fn occupy(pool: &TextPool) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<()>>) {
    let (release, released) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel();
    let pool = pool.clone();
    let task = tokio::spawn(async move {
        let work = move |_: &_| {
            begun.send(()).expect("the test waits");
            released.recv().unwrap_or(());
            Ok(())
        };
        on_workers(&pool, WorkShare(None), SIZE, work).await
    });
    tokio::task::block_in_place(|| begins.recv()).expect("the job begins");
    (release, task)
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

fn waiting(pool: &TextPool) -> usize {
    pool.state().queues.waiting()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_with_many_jobs_delays_another_one_by_its_share() {
    let pool = pool(1);
    let (release, occupied) = occupy(&pool);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for (number, jobs) in [(1, 60), (2, 3)] {
        for _ in 0..jobs {
            let (pool, order, before) = (pool.clone(), Arc::clone(&order), waiting(&pool));
            let watched = pool.clone();
            tasks.push(tokio::spawn(async move {
                let work = move |_: &_| {
                    order.lock().unwrap().push(number);
                    Ok(())
                };
                on_workers(&pool, caller(number), SIZE, work).await
            }));
            until(|| waiting(&watched) > before).await;
        }
    }
    drop(release);
    for task in tasks.into_iter().chain([occupied]) {
        task.await.unwrap().unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order[..7], [1, 2, 1, 2, 1, 2, 1]);
    assert_eq!(order.len(), 63);
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_long_jobs_use_the_threads_of_the_pool_and_do_not_delay_short_ones() {
    let pool = pool(1);
    let (release, occupied) = occupy(&pool);
    let mut tasks = Vec::new();
    // Such as comparisons of texts with 500,000 lines.
    for n in 0..12 {
        let (watched, pool) = (pool.clone(), pool.clone());
        tasks.push(tokio::spawn(async move {
            on_workers(&pool, caller(1), 2 * 1024 * 1024, |_| Ok(())).await
        }));
        until(|| waiting(&watched) > n).await;
    }
    for number in 1..100 {
        let short = on_workers(&pool, caller(number), MAX_INLINE_BYTES, move |_| Ok(number));
        assert_eq!(short.await.unwrap(), number);
    }
    let statistics = pool.statistics();
    assert_eq!((statistics.busy, statistics.waiting), (1, 12));
    drop(release);
    for task in tasks.into_iter().chain([occupied]) {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_caller_stops_waiting_is_not_started() {
    let pool = pool(1);
    let (release, occupied) = occupy(&pool);
    let started = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&started);
    let waiting_pool = pool.clone();
    let abandoned = tokio::spawn(async move {
        let work = move |_: &_| Ok(counter.fetch_add(1, Ordering::Relaxed));
        on_workers(&waiting_pool, caller(1), SIZE, work).await
    });
    until(|| waiting(&pool) == 1).await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    drop(release);
    occupied.await.unwrap().unwrap();
    until(|| pool.state().running == 0).await;
    assert_eq!((started.load(Ordering::Relaxed), waiting(&pool)), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn running_work_stops_when_its_caller_stops_waiting() {
    let pool = pool(1);
    let (begun, begins) = mpsc::channel();
    let (ended, ends) = mpsc::channel();
    let working = pool.clone();
    let abandoned = tokio::spawn(async move {
        let work = move |budget: &tintero_domain::text_work::Budget| {
            begun.send(()).expect("the test waits");
            let stopped = loop {
                if let Err(stopped) = budget.spend(0) {
                    break stopped;
                }
                thread::yield_now();
            };
            ended.send(stopped).expect("the test waits");
            Err::<(), _>(stopped)
        };
        on_workers(&working, caller(1), SIZE, work).await
    });
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    abandoned.abort();
    let stopped = tokio::task::block_in_place(|| ends.recv()).unwrap();
    assert_eq!(stopped, tintero_domain::text_work::Stopped::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_above_the_share_of_a_caller_are_busy() {
    let pool = pool(1);
    let (release, occupied) = occupy(&pool);
    let mut tasks = Vec::new();
    for n in 0..LIMITS.each {
        let (watched, pool) = (pool.clone(), pool.clone());
        tasks.push(tokio::spawn(async move {
            on_workers(&pool, caller(1), SIZE, |_| Ok(())).await
        }));
        until(|| waiting(&watched) > n).await;
    }
    let refused = on_workers(&pool, caller(1), SIZE, |_| Ok(())).await;
    assert!(matches!(refused, Err(Error::Busy)));
    let expected = PoolStatistics {
        busy: 1,
        waiting: LIMITS.each,
        refused: 1,
    };
    assert_eq!(pool.statistics(), expected);
    let (watched, other) = (pool.clone(), pool.clone());
    let accepted =
        tokio::spawn(async move { on_workers(&other, caller(2), SIZE, |_| Ok(())).await });
    until(|| waiting(&watched) > LIMITS.each).await;
    drop(release);
    accepted.await.unwrap().unwrap();
    occupied.await.unwrap().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_reaches_its_caller_and_no_other_one() {
    let pool = pool(1);
    let panicking = pool.clone();
    let task = tokio::spawn(async move {
        let work = |_: &_| -> Result<(), _> { panic!("in the job") };
        on_workers(&panicking, caller(1), SIZE, work).await
    });
    assert!(task.await.unwrap_err().is_panic());
    on_workers(&pool, caller(2), SIZE, |_| Ok(()))
        .await
        .unwrap();
}
