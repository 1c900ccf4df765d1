use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::connector::FaultConnector;
use super::index_snapshots::IndexSnapshots;
use super::{Call, FaultAction, WireCost};

/// An HTTP client that applies the actions of a script and records the cost of requests.
///
/// Without a script every request passes. Clones share the script and the recorded cost.
#[derive(Debug, Clone)]
pub struct Wire {
    inner: SharedHttpClient,
    state: Arc<WireState>,
}

impl Wire {
    /// Wraps the client that connects to DynamoDB.
    #[must_use]
    pub fn around(inner: SharedHttpClient) -> Self {
        Self {
            inner,
            state: Arc::default(),
        }
    }

    /// Returns the HTTP client for the configuration of an AWS SDK client.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// Replaces the script and resets the counter in [`Call::nth`]. The script must not call this
    /// wire.
    pub fn on(&self, script: impl FnMut(&Call<'_>) -> FaultAction + Send + 'static) {
        *self.state.script() = Script {
            decide: Some(Box::new(script)),
            seen: HashMap::new(),
        };
    }

    /// Removes the script: every request passes.
    pub fn clear(&self) {
        *self.state.script() = Script::default();
    }

    /// Returns the cost since the previous call and resets it to zero.
    #[must_use = "measuring resets the recorded cost"]
    pub fn measure(&self) -> WireCost {
        std::mem::take(&mut *self.state.cost())
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(FaultConnector::new(inner, Arc::clone(&self.state)))
    }
}

type Decide = Box<dyn FnMut(&Call<'_>) -> FaultAction + Send>;

#[derive(Default)]
pub(super) struct Script {
    decide: Option<Decide>,
    /// Requests since the script was installed, by operation.
    seen: HashMap<String, u64>,
}

impl Script {
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
