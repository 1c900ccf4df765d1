//! A client of the SDK whose requests to an engine in the same process take a shorter way.
//!
//! The client of the SDK configures every request anew: the rules that find an endpoint, the choice of an
//! identity, and a dozen interceptors for features that only a network needs. That costs more than the request.
//! The shorter way is the orchestrator of the same SDK, with the same serializers, retries and timeouts.

use std::{fmt, ops::Deref};

use aws_sdk_dynamodb::{Client, config::http::HttpResponse, error::SdkError};
use aws_smithy_runtime::client::orchestrator;
use aws_smithy_runtime_api::client::{
    interceptors::context::Error, runtime_plugin::RuntimePlugins,
};

use super::request::DynamoRequest;

/// A client of the SDK, and the shorter way if there is one.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    in_process: Option<RuntimePlugins>,
}

impl Connection {
    pub(super) fn in_process(client: Client, plugins: RuntimePlugins) -> Self {
        Self {
            client,
            in_process: Some(plugins),
        }
    }

    /// Sends a request. The futures of the SDK are boxed, because they have several KiB and are part of
    /// every future that calls this.
    pub(crate) async fn send<R: DynamoRequest>(
        &self,
        request: R,
    ) -> Result<R::Output, SdkError<R::Error, HttpResponse>> {
        let Some(plugins) = &self.in_process else {
            return Box::pin(request.send_with(&self.client)).await;
        };
        let input = request
            .into_input()
            .map_err(SdkError::construction_failure)?;
        let plugins = plugins.clone().with_operation_plugin(R::plugin());
        let answer = Box::pin(orchestrator::invoke("DynamoDB", R::NAME, input, &plugins));
        match answer.await {
            Ok(output) => Ok(output
                .downcast()
                .expect("an operation returns its own output")),
            Err(error) => Err(error.map_service_error(of_operation::<R>)),
        }
    }
}

fn of_operation<R: DynamoRequest>(error: Error) -> R::Error {
    error
        .downcast()
        .expect("an operation fails with its own error")
}

impl From<Client> for Connection {
    fn from(client: Client) -> Self {
        Self {
            client,
            in_process: None,
        }
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("client", &self.client)
            .field("in_process", &self.in_process.is_some())
            .finish()
    }
}
