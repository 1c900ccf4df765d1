//! One connection of a wire: judge a request, carry out the verdict, account
//! for the answer.

use std::mem;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use super::injected::Answer;
use super::late::LateIndexes;
use super::partial::{split, unprocessed_field};
use super::wire::State;
use super::{Call, Verdict, injected};
use crate::connector::operation;

#[derive(Debug, Clone)]
pub(super) struct Line {
    inner: SharedHttpConnector,
    state: Arc<State>,
}

impl Line {
    pub(super) fn new(inner: SharedHttpConnector, state: Arc<State>) -> Self {
        Self { inner, state }
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let line = self.clone();
        let operation = operation(&request).to_owned();
        let body = json(request.body());
        HttpConnectorFuture::new(async move {
            // A request takes its time: others get their turn, even where nothing is waited for.
            tokio::task::yield_now().await;
            line.state.cost().sent(&operation);
            let nth = line.state.script().count(&operation);
            let call = Call {
                operation: &operation,
                body: &body,
                nth,
            };
            let verdict = line.state.script().judge(call);
            line.carry_out(verdict, request, call).await
        })
    }
}

impl Line {
    async fn carry_out(&self, verdict: Verdict, request: HttpRequest, call: Call<'_>) -> Answer {
        match verdict {
            Verdict::Throttle => Ok(injected::throttle(call)),
            Verdict::TransactionConflict => injected::conflict(call),
            Verdict::Unprocessed => injected::unprocessed(call),
            Verdict::OnlyFirst => self.forward_first(request, call).await,
            Verdict::LoseAnswer => {
                self.forward(request, call).await?;
                Err(injected::lost())
            }
            Verdict::CrashBefore => Err(injected::crashed()),
            Verdict::CrashAfter => {
                self.forward(request, call).await?;
                Err(injected::crashed())
            }
            Verdict::StaleIndex if LateIndexes::concern(call) => Ok(self.outdated(call)),
            Verdict::Pass | Verdict::StaleIndex => self.forward(request, call).await,
        }
    }

    async fn forward(&self, request: HttpRequest, call: Call<'_>) -> Answer {
        let mut response = self.inner.call(request).await?;
        let body = mem::replace(response.body_mut(), SdkBody::taken());
        let bytes = ByteStream::new(body)
            .collect()
            .await
            .map_err(|error| ConnectorError::io(error.into()))?
            .into_bytes();
        if response.status().is_success() && LateIndexes::concern(call) {
            self.state.late().record(call, &bytes);
        }
        *response.body_mut() = SdkBody::from(bytes);
        self.account(call, &response);
        Ok(response)
    }

    async fn forward_first(&self, mut request: HttpRequest, call: Call<'_>) -> Answer {
        let Some(field) = unprocessed_field(call.operation) else {
            return Err(injected::misfit(Verdict::OnlyFirst, call));
        };
        let parts = split(&call.body["RequestItems"]);
        let mut reduced = call.body.clone();
        reduced["RequestItems"] = parts.first;
        let reduced = reduced.to_string();
        request
            .headers_mut()
            .insert("content-length", reduced.len().to_string());
        *request.body_mut() = SdkBody::from(reduced);

        let mut response = self.forward(request, call).await?;
        if response.status().is_success() {
            let mut answer = json(response.body());
            answer[field] = parts.others;
            *response.body_mut() = SdkBody::from(answer.to_string());
        }
        Ok(response)
    }

    fn outdated(&self, call: Call<'_>) -> HttpResponse {
        let response = self.state.late().answer(call);
        self.account(call, &response);
        response
    }

    fn account(&self, call: Call<'_>, response: &HttpResponse) {
        let answer = json(response.body());
        self.state.cost().answered(call.operation, &answer);
    }
}

/// A body that is no JSON says nothing to a wire; who it is for will refuse it.
fn json(body: &SdkBody) -> Value {
    serde_json::from_slice(body.bytes().unwrap_or_default()).unwrap_or_default()
}
