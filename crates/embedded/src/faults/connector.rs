use std::mem;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use super::batch::{split_batch, unprocessed_field};
use super::index_snapshots::IndexSnapshots;
use super::responses::{self, ConnectorResult};
use super::wire_state::WireState;
use super::{Call, FaultAction};
use crate::connector::operation;

/// One connection of a wire.
#[derive(Debug, Clone)]
pub(super) struct FaultConnector {
    inner: SharedHttpConnector,
    state: Arc<WireState>,
}

impl FaultConnector {
    pub(super) fn new(inner: SharedHttpConnector, state: Arc<WireState>) -> Self {
        Self { inner, state }
    }
}

impl HttpConnector for FaultConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        let operation = operation(&request).to_owned();
        let body = json(request.body());
        HttpConnectorFuture::new(async move {
            // Lets other tasks run, as a request over a network does.
            tokio::task::yield_now().await;
            connector.state.cost().record_request(&operation);
            let nth = connector.state.script().count(&operation);
            let call = Call {
                operation: &operation,
                body: &body,
                nth,
            };
            let action = connector.state.script().decide(call);
            connector.apply(action, request, call).await
        })
    }
}

impl FaultConnector {
    async fn apply(
        &self,
        action: FaultAction,
        request: HttpRequest,
        call: Call<'_>,
    ) -> ConnectorResult {
        match action {
            FaultAction::Throttle => Ok(responses::throttle(call)),
            FaultAction::TransactionConflict => responses::conflict(call),
            FaultAction::Unprocessed => responses::unprocessed(call),
            FaultAction::OnlyFirst => self.forward_first(request, call).await,
            FaultAction::LoseResponse => {
                self.forward(request, call).await?;
                Err(responses::connection_reset())
            }
            FaultAction::CrashBefore => Err(responses::crash()),
            FaultAction::CrashAfter => {
                self.forward(request, call).await?;
                Err(responses::crash())
            }
            FaultAction::StaleIndex if IndexSnapshots::apply_to(call) => {
                let response = self.state.snapshots().response(call);
                let json = json(response.body());
                self.state.cost().record_response(call.operation, &json);
                Ok(response)
            }
            FaultAction::Pass | FaultAction::StaleIndex => self.forward(request, call).await,
        }
    }

    async fn forward(&self, request: HttpRequest, call: Call<'_>) -> ConnectorResult {
        let mut response = self.inner.call(request).await?;
        let body = mem::replace(response.body_mut(), SdkBody::taken());
        let bytes = ByteStream::new(body)
            .collect()
            .await
            .map_err(|error| ConnectorError::io(error.into()))?
            .into_bytes();
        if response.status().is_success() && IndexSnapshots::apply_to(call) {
            self.state.snapshots().record(call, &bytes);
        }
        *response.body_mut() = SdkBody::from(bytes);
        let json = json(response.body());
        self.state.cost().record_response(call.operation, &json);
        Ok(response)
    }

    async fn forward_first(&self, mut request: HttpRequest, call: Call<'_>) -> ConnectorResult {
        let Some(field) = unprocessed_field(call.operation) else {
            return Err(responses::not_applicable(FaultAction::OnlyFirst, call));
        };
        let parts = split_batch(&call.body["RequestItems"]);
        let mut reduced = call.body.clone();
        reduced["RequestItems"] = parts.first;
        let reduced = reduced.to_string();
        request
            .headers_mut()
            .insert("content-length", reduced.len().to_string());
        *request.body_mut() = SdkBody::from(reduced);

        let mut response = self.forward(request, call).await?;
        if response.status().is_success() {
            let mut body = json(response.body());
            body[field] = parts.rest;
            *response.body_mut() = SdkBody::from(body.to_string());
        }
        Ok(response)
    }
}

/// Parses a body, or returns null: the receiver rejects an invalid body itself.
fn json(body: &SdkBody) -> Value {
    serde_json::from_slice(body.bytes().unwrap_or_default()).unwrap_or_default()
}
