//! Long operations get done beside the requests: whenever one is begun here, and every few seconds
//! for what others began, or left.

use std::{sync::Arc, time::Duration};

use tintero_domain::{
    merging::{Merges, Stores},
    operations::{Bell, OperationStore, Operations, Runner},
};
use tokio::{sync::Notify, time::timeout};

use super::{Time, database::Ready, keys};
use crate::keystore::KeyStore;

/// How long a runner that nobody calls waits before it looks by itself. Each look is one read.
const LOOK: Duration = Duration::from_secs(2);

/// Long operations: begun and looked at by requests, done by a runner.
pub(super) struct Long {
    /// What requests do with them.
    pub(super) operations: Operations,
    store: Arc<dyn OperationStore>,
    bell: DoorBell,
}

impl Long {
    /// The operations of an installation.
    pub(super) fn new(ready: &Ready, keys: &KeyStore, time: &Time) -> Self {
        let cursors = keys::cursors(&keys.cursors);
        let store = tintero_storage::Operations::new(ready.dynamo.clone(), cursors);
        let store: Arc<dyn OperationStore> = Arc::new(store);
        let bell = DoorBell::default();
        let (clock, ids) = (Arc::clone(&time.clock), Arc::clone(&time.ids));
        Self {
            operations: Operations::new(Arc::clone(&store), clock, ids, Arc::new(bell.clone())),
            store,
            bell,
        }
    }

    /// Lets a runner of this process work on them until it ends.
    pub(super) fn work(self, stores: Stores, time: &Time) {
        let (clock, ids) = (Arc::clone(&time.clock), Arc::clone(&time.ids));
        let merges = Merges::new(stores, Arc::clone(&clock), Arc::clone(&ids));
        run(
            Runner::new(self.store, Arc::new(merges), clock, ids),
            self.bell,
        );
    }
}

/// Calls the runner of this process.
#[derive(Clone, Default)]
struct DoorBell(Arc<Notify>);

impl Bell for DoorBell {
    fn ring(&self) {
        self.0.notify_one();
    }
}

/// Lets a runner work until the process ends. It may end at any moment: the lease of what it was
/// at runs out, and the next runner goes on.
fn run(runner: Runner, bell: DoorBell) {
    tokio::spawn(async move {
        loop {
            if !look(&runner).await {
                // Whether it was called or the time is up makes no difference.
                let _ = timeout(LOOK, bell.0.notified()).await;
            }
        }
    });
}

/// One step of everything unfinished. True when there may be more to do at once.
async fn look(runner: &Runner) -> bool {
    match runner.round().await {
        Ok(round) => {
            for (operation, error) in round.faults {
                tracing::warn!(%operation, error = %chain(error), "an operation could not go on");
            }
            round.worked
        }
        Err(error) => {
            tracing::warn!(error = %chain(error), "operations could not be looked for");
            false
        }
    }
}

fn chain(error: tintero_domain::Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}
