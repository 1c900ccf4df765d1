use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::connector::FaultConnector;
use super::wire_state::{Script, WireState};
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
        *self.state.script() = Script::new(script);
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
