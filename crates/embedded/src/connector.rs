//! Passes requests of the AWS SDK to the engine, without a socket.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::operations::{ParsedOperation, ReadOperation, WriteOperation};
use crate::response;
use crate::store::{RequestFailure, SqlDatabase};

/// An HTTP client that sends every request to a [`SqlDatabase`].
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    database: Arc<SqlDatabase>,
}

impl Connector {
    pub(crate) fn new(database: Arc<SqlDatabase>) -> Self {
        Self { database }
    }

    fn read(&self, read: ReadOperation) -> HttpConnectorFuture {
        // A thread of the async runtime must not be kept busy for long.
        if self.database.is_memory() || read.is_short() {
            return HttpConnectorFuture::ready(Ok(respond(self.read_now(&read))));
        }
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            tokio::task::spawn_blocking(move || respond(connector.read_now(&read)))
                .await
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }

    fn read_now(&self, read: &ReadOperation) -> Result<String, RequestFailure> {
        without_panic(|| self.database.read(|session| read.run(session)))
    }

    fn write(&self, write: WriteOperation, bytes: usize) -> HttpConnectorFuture {
        let database = Arc::clone(&self.database);
        HttpConnectorFuture::new(async move {
            let work = move |session: &_| write.run(session);
            Ok(respond(database.write(bytes, work).await))
        })
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
        let parse = || Ok(ParsedOperation::parse(operation(&request), body)?);
        match without_panic(parse) {
            Ok(ParsedOperation::Read(read)) => self.read(read),
            Ok(ParsedOperation::Write(write)) => self.write(write, body.len()),
            Err(failure) => HttpConnectorFuture::ready(Ok(response::failure(failure))),
        }
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

/// A panic drops the connection that it used, and with it an open transaction.
fn without_panic<T>(work: impl FnOnce() -> Result<T, RequestFailure>) -> Result<T, RequestFailure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(RequestFailure::Panicked))
}

fn respond(result: Result<String, RequestFailure>) -> HttpResponse {
    result.map_or_else(response::failure, response::success)
}
