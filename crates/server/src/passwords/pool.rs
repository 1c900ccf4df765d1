//! Hashes on few threads, with fairness between networks.

use std::{
    panic::resume_unwind,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tintero_domain::{
    Error, Result,
    accounts::{HashClass, HashTurn},
    values::ClientNetwork,
};
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

/// Jobs of known clients in a row, after which one of the others runs if it waits. Known clients wait for few
/// others, and cannot keep the others waiting for ever.
const KNOWN_IN_A_ROW: u8 = 3;

type HashJob = Box<dyn FnOnce() + Send>;

/// Runs jobs on threads that serve no requests. Clones share their threads and queues.
#[derive(Clone)]
pub(super) struct HashPool(Arc<Shared>);

struct Shared {
    threads: usize,
    state: Mutex<PoolState>,
}

struct PoolState {
    /// The queues of the classes, in the order of service.
    classes: [Queues<ClientNetwork, HashJob>; HashClass::COUNT],
    /// Jobs of known clients since the last one of the others.
    known_in_a_row: u8,
    running: usize,
}

impl PoolState {
    /// Removes the next job. Known clients come first, but the others have every fourth turn. Among the others, a
    /// job runs only if none of an earlier class waits, so that guessers do not delay people.
    fn pop(&mut self) -> Option<HashJob> {
        let [known, others @ ..] = &mut self.classes;
        if self.known_in_a_row < KNOWN_IN_A_ROW
            && let Some(job) = known.pop()
        {
            self.known_in_a_row += 1;
            return Some(job);
        }
        self.known_in_a_row = 0;
        let other = others.iter_mut().find_map(Queues::pop);
        other.or_else(|| known.pop())
    }
}

impl HashPool {
    pub(super) fn new(threads: usize) -> Self {
        Self(Arc::new(Shared {
            threads,
            state: Mutex::new(PoolState {
                classes: std::array::from_fn(|_| Queues::new(LIMITS)),
                known_in_a_row: 0,
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
        let queues = &mut state.classes[turn.class as usize];
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
        let next = state.pop();
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

    use HashClass::{First, Guesser, Known, Repeated};

    fn turn(last: u8, class: HashClass) -> HashTurn {
        HashTurn {
            network: ClientNetwork::of(Some([192, 0, 2, last].into())),
            class,
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
            blocked.run(turn(1, First), work).await
        });
        is_started.await.unwrap();
        (pool, free)
    }

    /// The order in which a pool with one thread serves jobs that were added in this order.
    async fn order_of(turns: impl IntoIterator<Item = (u8, HashClass)>) -> Vec<(u8, HashClass)> {
        let (pool, free) = busy_pool().await;
        let (note, order) = mpsc::channel();
        let mut tasks = vec![];
        for (last, class) in turns {
            let (pool, note) = (pool.clone(), note.clone());
            tasks.push(tokio::spawn(async move {
                let work = move || note.send((last, class)).unwrap();
                pool.run(turn(last, class), work).await.unwrap();
            }));
            tokio::task::yield_now().await;
        }
        drop(free);
        for task in tasks {
            task.await.unwrap();
        }
        order.try_iter().collect()
    }

    #[tokio::test]
    async fn a_first_attempt_passes_all_guessers_and_networks_take_turns() {
        let turns = [
            (2, Guesser),
            (2, Repeated),
            (2, Repeated),
            (3, Repeated),
            (4, First),
            (4, First),
            (5, First),
        ];
        let expected = [
            (4, First),
            (5, First),
            (4, First),
            (2, Repeated),
            (3, Repeated),
            (2, Repeated),
            (2, Guesser),
        ];
        assert_eq!(order_of(turns).await, expected);
    }

    #[tokio::test]
    async fn a_known_client_passes_two_hundred_new_networks() {
        let guessers = (0..200).map(|last| (last, First));
        let order = order_of(guessers.chain([(201, Known)])).await;
        assert_eq!(order.len(), 201);
        assert_eq!(order[0], (201, Known));
    }

    #[tokio::test]
    async fn others_have_every_fourth_turn_beside_known_clients() {
        let known = (1..=8).map(|last| (last, Known));
        let order = order_of(known.chain([(20, First), (21, Guesser)])).await;
        let others: Vec<_> = (0..).zip(order).filter(|(_, it)| it.1 != Known).collect();
        assert_eq!(others, [(3, (20, First)), (7, (21, Guesser))]);
    }

    #[tokio::test]
    async fn waiting_jobs_are_bounded_per_network_and_in_total() {
        let (pool, _free) = busy_pool().await;
        let enqueue = |last| pool.enqueue(turn(last, First), Box::new(|| {}));
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
        // Known clients have places of their own.
        pool.enqueue(turn(99, Known), Box::new(|| {})).unwrap();
    }
}
