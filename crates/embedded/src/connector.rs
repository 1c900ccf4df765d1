//! Passes requests of the AWS SDK to the engine, without a socket.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::dispatch::dispatch;
use crate::response;
use crate::store::Store;
use crate::transaction_tokens::TransactionTokens;

/// An HTTP client that sends every request to a [`Store`].
#[derive(Clone)]
pub(crate) struct Connector {
    store: Arc<Store>,
    tokens: Arc<TransactionTokens>,
}

impl Connector {
    pub(crate) fn new(store: Arc<Store>, tokens: Arc<TransactionTokens>) -> Self {
        Self { store, tokens }
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(body) = request.body().bytes() else {
            let reason = "a request to DynamoDB must have its whole body in memory";
            return HttpConnectorFuture::ready(Err(ConnectorError::user(reason.into())));
        };
        if let Store::Memory(_) = &*self.store {
            let response = respond(&self.store, &self.tokens, operation(&request), body);
            return HttpConnectorFuture::ready(Ok(response));
        }
        let (store, tokens) = (Arc::clone(&self.store), Arc::clone(&self.tokens));
        HttpConnectorFuture::new(async move {
            tokio::task::spawn_blocking(move || {
                let body = request.body().bytes().unwrap_or_default();
                respond(&store, &tokens, operation(&request), body)
            })
            .await
            .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// Returns the operation of a request: `PutItem` for `DynamoDB_20120810.PutItem`.
pub(crate) fn operation(request: &HttpRequest) -> &str {
    request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.rsplit('.').next())
        .unwrap_or_default()
}

/// Executes a request. Returns a response with status 500 if the engine panics.
pub(crate) fn respond(
    store: &Store,
    tokens: &TransactionTokens,
    operation: &str,
    body: &[u8],
) -> HttpResponse {
    match store.with(|database| dispatch(database, tokens, operation, body)) {
        Ok(Ok(json)) => response::success(json),
        Ok(Err(error)) => error.into_response(),
        Err(error) => response::error(500, response::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
