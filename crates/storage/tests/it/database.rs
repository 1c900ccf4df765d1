//! The database under test: the embedded engine in memory, or a server that the environment names.

#![expect(
    clippy::unwrap_used,
    reason = "a test without a database fails where it asks for one"
)]

use std::env;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use tintero_embedded::{Engine, faults::Wire};
use uuid::Uuid;

/// Names the server, such as `http://127.0.0.1:8000`. It has to be a DynamoDB Local that keeps one
/// database to an access key and checks no signature, as it does unless it is told otherwise.
const SERVER: &str = "TINTERO_TEST_DYNAMODB";

/// A wire to a database that is empty and nobody else's.
pub(crate) fn empty() -> Wire {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let server = env::var(SERVER);
    Wire::around(match server {
        Ok(address) => SharedHttpClient::new(Remote::new(address)),
        Err(_) => Engine::memory().unwrap().http_client(),
    })
}

/// Sends what was addressed to the embedded engine to a server, under an access key that no other
/// test has.
#[derive(Debug, Clone)]
struct Remote {
    address: String,
    authorization: String,
    inner: SharedHttpClient,
}

impl Remote {
    fn new(address: String) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "every test has a database of its own"
        )]
        let access_key = Uuid::now_v7().simple();
        let scope = format!("{access_key}/21000101/us-east-1/dynamodb/aws4_request");
        Self {
            address,
            authorization: format!(
                "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"
            ),
            inner: Builder::new().build_http(),
        }
    }
}

impl HttpClient for Remote {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(RemoteConnector {
            inner: self.inner.http_connector(settings, components),
            remote: self.clone(),
        })
    }
}

#[derive(Debug)]
struct RemoteConnector {
    remote: Remote,
    inner: SharedHttpConnector,
}

impl HttpConnector for RemoteConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        request.set_uri(self.remote.address.as_str()).unwrap();
        let headers = request.headers_mut();
        headers.insert("authorization", self.remote.authorization.clone());
        self.inner.call(request)
    }
}
