//! Runs operations in the background: as soon as this process starts one, and every few seconds for
//! those of other processes.

use std::{sync::Arc, time::Duration};

use tintero_domain::{
    accounts::ReassignmentWorker,
    images::Images,
    operations::{Notifier, OperationStore, Operations, Runner, TaskWorkers},
    posts::Posts,
    taxonomy::RelocationWorker,
};
use tokio::{sync::Notify, time::timeout};

use super::{error_chain, services::Services};

/// Interval between polls without a notification. Each poll is one read.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The operations of a server with their runner.
pub(super) struct OperationsRuntime {
    /// Starts and reads operations.
    pub(super) operations: Operations,
    store: Arc<dyn OperationStore>,
    notifier: RunnerNotifier,
}

impl OperationsRuntime {
    pub(super) fn new(services: &Services) -> Self {
        let store: Arc<dyn OperationStore> = Arc::new(services.operation_store());
        let notifier = RunnerNotifier::default();
        Self {
            operations: Operations::new(
                Arc::clone(&store),
                services.clock(),
                services.ids(),
                Arc::new(notifier.clone()),
            ),
            store,
            notifier,
        }
    }

    /// Returns the runner of this process.
    pub(super) fn runner(
        self,
        posts: Posts,
        images: Images,
        services: &Services,
    ) -> OperationsRunner {
        let (clock, ids) = (services.clock(), services.ids());
        let posts = Arc::new(posts);
        let relocations = RelocationWorker::new(
            services.taxonomy_store(),
            posts.clone(),
            services.clock(),
            services.ids(),
        );
        let reassignments = ReassignmentWorker::new(
            services.user_store(),
            posts,
            services.clock(),
            services.ids(),
        );
        let worker = TaskWorkers {
            relocations: Arc::new(relocations),
            reassignments: Arc::new(reassignments),
            sweeps: Arc::new(images),
        };
        OperationsRunner {
            runner: Runner::new(self.store, Arc::new(worker), clock, ids),
            notifier: self.notifier,
        }
    }
}

/// Runs the operations of this and of other processes. A process may end at any time: the lease of an
/// operation expires and another runner continues it.
pub(super) struct OperationsRunner {
    runner: Runner,
    notifier: RunnerNotifier,
}

impl OperationsRunner {
    /// Runs operations until the process ends.
    pub(super) fn spawn(self) {
        tokio::spawn(async move {
            loop {
                if !poll(&self.runner).await {
                    // Both a notification and a timeout start the next poll.
                    drop(timeout(POLL_INTERVAL, self.notifier.0.notified()).await);
                }
            }
        });
    }

    /// Runs steps until nothing is left to do or no time is left.
    pub(super) async fn run(&self, is_time_left: impl Fn() -> bool) {
        while is_time_left() && poll(&self.runner).await {}
    }
}

/// Notifies the runner of this process.
#[derive(Clone, Default)]
struct RunnerNotifier(Arc<Notify>);

impl Notifier for RunnerNotifier {
    fn notify(&self) {
        self.0.notify_one();
    }
}

/// Runs one step of every unfinished operation. Returns true if there may be more to do.
async fn poll(runner: &Runner) -> bool {
    match runner.poll().await {
        Ok(poll) => {
            for (operation, error) in poll.faults {
                tracing::warn!(%operation, error = %error_chain(error), "operation step failed");
            }
            poll.worked
        }
        Err(error) => {
            tracing::warn!(error = %error_chain(error), "cannot list unfinished operations");
            false
        }
    }
}
