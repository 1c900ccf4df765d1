use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::index_snapshots::IndexSnapshots;
use super::{Call, FaultAction, WireCost};

type Decide = Box<dyn FnMut(&Call<'_>) -> FaultAction + Send>;

#[derive(Default)]
pub(super) struct Script {
    decide: Option<Decide>,
    /// Requests since the script was installed, by operation.
    seen: HashMap<String, u64>,
}

impl Script {
    pub(super) fn new(decide: impl FnMut(&Call<'_>) -> FaultAction + Send + 'static) -> Self {
        Self {
            decide: Some(Box::new(decide)),
            seen: HashMap::new(),
        }
    }

    /// Counts a request and returns its number within its operation, starting at 1.
    pub(super) fn count(&mut self, operation: &str) -> u64 {
        let nth = self.seen.entry(operation.to_owned()).or_default();
        *nth += 1;
        *nth
    }

    pub(super) fn decide(&mut self, call: Call<'_>) -> FaultAction {
        self.decide
            .as_mut()
            .map_or(FaultAction::Pass, |decide| decide(&call))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// The state that the connections of a wire share.
#[derive(Debug, Default)]
pub(super) struct WireState {
    script: Mutex<Script>,
    cost: Mutex<WireCost>,
    snapshots: Mutex<IndexSnapshots>,
}

impl WireState {
    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        unpoisoned(&self.script)
    }

    pub(super) fn cost(&self) -> MutexGuard<'_, WireCost> {
        unpoisoned(&self.cost)
    }

    pub(super) fn snapshots(&self) -> MutexGuard<'_, IndexSnapshots> {
        unpoisoned(&self.snapshots)
    }
}

/// A script may panic in an assertion. The test must then fail with that message, not with a
/// poisoned lock.
fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
