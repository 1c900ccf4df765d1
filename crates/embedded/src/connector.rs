//! From a request of the AWS SDK to the engine, without a socket.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::answer;
use crate::dispatch::dispatch;
use crate::store::Store;
use crate::tokens::Tokens;

/// An HTTP client whose far end is a [`Store`].
#[derive(Clone)]
pub(crate) struct Connector {
    store: Arc<Store>,
    tokens: Arc<Tokens>,
}

impl Connector {
    pub(crate) fn new(store: Arc<Store>, tokens: Arc<Tokens>) -> Self {
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
            let reason = "a request to DynamoDB has its whole body in memory";
            return HttpConnectorFuture::ready(Err(ConnectorError::user(reason.into())));
        };
        if let Store::Memory(_) = &*self.store {
            let answer = respond(&self.store, &self.tokens, operation(&request), body);
            return HttpConnectorFuture::ready(Ok(answer));
        }
        let (store, tokens) = (Arc::clone(&self.store), Arc::clone(&self.tokens));
        HttpConnectorFuture::new(async move {
            tokio::task::spawn_blocking(move || {
                let body = request.body().bytes().unwrap_or_default();
                respond(&store, &tokens, operation(&request), body)
            })
            .await
            .map_err(|stopping| ConnectorError::other(stopping.into(), None))
        })
    }
}

/// The operation a request names: `DynamoDB_20120810.PutItem` is `PutItem`.
pub(crate) fn operation(request: &HttpRequest) -> &str {
    request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.rsplit('.').next())
        .unwrap_or_default()
}

/// The answer to one request, whatever happens inside the engine.
pub(crate) fn respond(
    store: &Store,
    tokens: &Tokens,
    operation: &str,
    body: &[u8],
) -> HttpResponse {
    match store.with(|database| dispatch(database, tokens, operation, body)) {
        Ok(Ok(json)) => answer::success(json),
        Ok(Err(refusal)) => refusal.into_answer(),
        Err(failure) => answer::error(500, answer::INTERNAL, &failure.to_string()),
    }
}
