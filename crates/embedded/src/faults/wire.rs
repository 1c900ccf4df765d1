use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::late::LateIndexes;
use super::line::Line;
use super::script::Script;
use super::{Call, Cost, Verdict};

/// An HTTP client that consults a script and keeps an account.
///
/// Without a script every request passes. Clones share script and account.
#[derive(Debug, Clone)]
pub struct Wire {
    inner: SharedHttpClient,
    state: Arc<State>,
}

impl Wire {
    /// Wraps the client that reaches DynamoDB.
    #[must_use]
    pub fn around(inner: SharedHttpClient) -> Self {
        Self {
            inner,
            state: Arc::default(),
        }
    }

    /// The HTTP client to build an AWS SDK client with.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// Installs the script that judges every request from now on, in place of
    /// the one before; [`Call::nth`] starts anew. The script must not call this
    /// wire.
    pub fn on(&self, script: impl FnMut(&Call<'_>) -> Verdict + Send + 'static) {
        *self.state.script() = Script::new(Box::new(script));
    }

    /// Lets every request pass again.
    pub fn clear(&self) {
        *self.state.script() = Script::default();
    }

    /// What was sent since the last measurement, or since the beginning.
    #[must_use = "measuring sets the account back to nothing"]
    pub fn measure(&self) -> Cost {
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
        SharedHttpConnector::new(Line::new(inner, Arc::clone(&self.state)))
    }
}

/// What the connections of a wire share.
#[derive(Debug, Default)]
pub(super) struct State {
    script: Mutex<Script>,
    cost: Mutex<Cost>,
    late: Mutex<LateIndexes>,
}

impl State {
    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        unpoisoned(&self.script)
    }

    pub(super) fn cost(&self) -> MutexGuard<'_, Cost> {
        unpoisoned(&self.cost)
    }

    pub(super) fn late(&self) -> MutexGuard<'_, LateIndexes> {
        unpoisoned(&self.late)
    }
}

/// A script may assert and so panic; the test that fails should say why, not
/// that a lock is poisoned.
fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
