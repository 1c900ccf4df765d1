//! Long operations get done beside the requests: whenever one is begun here, and every few seconds
//! for what others began, or left.

use std::{sync::Arc, time::Duration};

use tintero_domain::operations::{Bell, Runner};
use tokio::{sync::Notify, time::timeout};

/// How long a runner that nobody calls waits before it looks by itself. Each look is one read.
const LOOK: Duration = Duration::from_secs(2);

/// Calls the runner of this process.
#[derive(Clone, Default)]
pub(super) struct DoorBell(Arc<Notify>);

impl Bell for DoorBell {
    fn ring(&self) {
        self.0.notify_one();
    }
}

/// Lets a runner work until the process ends. It may end at any moment: the lease of what it was
/// at runs out, and the next runner goes on.
pub(super) fn run(runner: Runner, bell: DoorBell) {
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
