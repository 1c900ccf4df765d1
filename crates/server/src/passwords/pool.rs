//! Hashes on few threads, with fairness between networks.

use std::{
    panic::resume_unwind,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tintero_domain::{Error, Result, accounts::HashTurn, values::ClientNetwork};
use tokio::{
    sync::oneshot,
    task::spawn_blocking,
    time::{self, error::Elapsed},
};

use crate::fair_queues::{QueueLimits, Queues};

/// Waiting jobs of each class: those of 32 busy networks.
const LIMITS: QueueLimits = QueueLimits {
    total: 256,
    each: 8,
};

/// The longest time for a job, shorter than the usual time limit of a request.
const MAX_WAIT: Duration = Duration::from_secs(15);

/// The wait of a client whose network has too many waiting jobs.
const BUSY: Duration = Duration::from_secs(1);

/// Classes of jobs by the number of earlier attempts. A job runs only if none of an earlier class waits, so
/// that guessers do not delay people.
const CLASSES: usize = 3;

type HashJob = Box<dyn FnOnce() + Send>;

/// Runs jobs on threads that serve no requests. Clones share their threads and queues.
#[derive(Clone)]
pub(super) struct HashPool(Arc<Shared>);

struct Shared {
    threads: usize,
    state: Mutex<PoolState>,
}

struct PoolState {
    classes: [Queues<ClientNetwork, HashJob>; CLASSES],
    running: usize,
}

fn class(turn: HashTurn) -> usize {
    match turn.attempts {
        0 => 0,
        1..10 => 1,
        _ => 2,
    }
}

impl HashPool {
    pub(super) fn new(threads: usize) -> Self {
        Self(Arc::new(Shared {
            threads,
            state: Mutex::new(PoolState {
                classes: std::array::from_fn(|_| Queues::new(LIMITS)),
                running: 0,
            }),
        }))
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job. Returns whether it needs another thread.
    fn enqueue(&self, turn: HashTurn, job: HashJob) -> Result<bool> {
        let mut state = self.state();
        let queues = &mut state.classes[class(turn)];
        if queues.waiting_of(turn.network) >= LIMITS.each {
            return Err(Error::TooManyAttempts(BUSY));
        }
        queues
            .push(turn.network, job)
            .map_err(|_| Error::Unavailable("too many hashes are waiting".into()))?;
        let needs_thread = state.running < self.0.threads;
        state.running += usize::from(needs_thread);
        Ok(needs_thread)
    }

    fn next(&self) -> Option<HashJob> {
        let mut state = self.state();
        let next = state.classes.iter_mut().find_map(Queues::pop);
        state.running -= usize::from(next.is_none());
        next
    }

    /// Runs `work` when it is its turn, unless nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        turn: HashTurn,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let (done, outcome) = oneshot::channel();
        let job = Box::new(move || {
            if !done.is_closed() {
                let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                // A caller that stopped waiting does not receive the outcome.
                drop(done.send(result));
            }
        });
        if self.enqueue(turn, job)? {
            let pool = self.clone();
            spawn_blocking(move || {
                while let Some(job) = pool.next() {
                    job();
                }
            });
        }
        let result: Result<Result<thread::Result<T>, _>, Elapsed> =
            time::timeout(MAX_WAIT, outcome).await;
        match result {
            Ok(Ok(Ok(value))) => Ok(value),
            // The middleware handles the panic.
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(_)) | Err(_) => Err(Error::Unavailable("hashing takes too long".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn turn(last: u8, attempts: u32) -> HashTurn {
        HashTurn {
            network: ClientNetwork::of(Some([192, 0, 2, last].into())),
            attempts,
        }
    }

    /// A pool with one thread, which is busy until the sender is dropped.
    async fn busy_pool() -> (HashPool, mpsc::Sender<()>) {
        let pool = HashPool::new(1);
        let (free, wait) = mpsc::channel::<()>();
        let (started, is_started) = oneshot::channel();
        let blocked = pool.clone();
        tokio::spawn(async move {
            let work = move || {
                let _ = started.send(());
                let _ = wait.recv();
            };
            blocked.run(turn(1, 0), work).await
        });
        is_started.await.unwrap();
        (pool, free)
    }

    #[tokio::test]
    async fn an_honest_attempt_passes_all_guessers_and_networks_take_turns() {
        let (pool, free) = busy_pool().await;
        let (note, order) = mpsc::channel();
        let mut tasks = vec![];
        let turns = [(2, 20), (2, 5), (2, 5), (3, 1), (4, 0), (4, 0), (5, 0)];
        for (last, attempts) in turns {
            let (pool, note) = (pool.clone(), note.clone());
            tasks.push(tokio::spawn(async move {
                let work = move || note.send((last, attempts)).unwrap();
                pool.run(turn(last, attempts), work).await.unwrap();
            }));
            tokio::task::yield_now().await;
        }
        drop(free);
        for task in tasks {
            task.await.unwrap();
        }
        let order: Vec<_> = order.try_iter().collect();
        assert_eq!(
            order,
            [(4, 0), (5, 0), (4, 0), (2, 5), (3, 1), (2, 5), (2, 20)]
        );
    }

    #[tokio::test]
    async fn waiting_jobs_are_bounded_per_network_and_in_total() {
        let (pool, _free) = busy_pool().await;
        let enqueue = |last| pool.enqueue(turn(last, 0), Box::new(|| {}));
        for _ in 0..LIMITS.each {
            enqueue(2).unwrap();
        }
        assert!(matches!(enqueue(2), Err(Error::TooManyAttempts(_))));
        for last in 3..34 {
            for _ in 0..LIMITS.each {
                enqueue(last).unwrap();
            }
        }
        assert!(matches!(enqueue(99), Err(Error::Unavailable(_))));
    }
}
