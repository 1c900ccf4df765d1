//! The database under test: the embedded engine in memory, or a server from the environment.

#![expect(clippy::unwrap_used, reason = "a test fails without a database")]

use std::{env, fmt, sync::Arc};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient as _, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    },
    orchestrator::HttpRequest,
};
use tintero_embedded::{Engine, faults::Wire};
use uuid::Uuid;

/// The variable with the address of the server, such as `http://127.0.0.1:8000`. It must be a
/// DynamoDB Local with its defaults: one database per access key, no check of signatures.
const SERVER: &str = "TINTERO_TEST_DYNAMODB";

/// A connection to a new empty database.
pub(crate) fn empty() -> Wire {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
    let server = env::var(SERVER);
    Wire::around(match server {
        Ok(address) => remote(address),
        Err(_) => Engine::memory().unwrap().http_client(),
    })
}

/// A client that sends the requests of the embedded engine to a server, with an access key per test.
fn remote(address: String) -> SharedHttpClient {
    #[expect(clippy::disallowed_methods, reason = "every test has its own database")]
    let access_key = Uuid::now_v7().simple();
    let scope = format!("{access_key}/21000101/us-east-1/dynamodb/aws4_request");
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none");
    intercept(Builder::new().build_http(), move |mut request, inner| {
        request.set_uri(address.as_str()).unwrap();
        let headers = request.headers_mut();
        headers.insert("authorization", authorization.clone());
        inner.call(request)
    })
}

/// A client that passes every request and the connector of `inner` to `handle`.
pub(crate) fn intercept<F>(inner: SharedHttpClient, handle: F) -> SharedHttpClient
where
    F: Fn(HttpRequest, &SharedHttpConnector) -> HttpConnectorFuture + Send + Sync + 'static,
{
    let handle = Arc::new(handle);
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Intercepted {
            inner: inner.http_connector(settings, components),
            handle: Arc::clone(&handle),
        })
    })
}

struct Intercepted<F> {
    inner: SharedHttpConnector,
    handle: Arc<F>,
}

impl<F> fmt::Debug for Intercepted<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intercepted").finish_non_exhaustive()
    }
}

impl<F> HttpConnector for Intercepted<F>
where
    F: Fn(HttpRequest, &SharedHttpConnector) -> HttpConnectorFuture + Send + Sync,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        (self.handle)(request, &self.inner)
    }
}
