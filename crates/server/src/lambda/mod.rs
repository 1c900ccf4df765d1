//! Runs as a Lambda function: receives events from the Runtime API instead of connections.
//!
//! - `event` tells the kinds of events apart.
//! - `http` passes requests of API Gateway and of load balancers to the router.
//! - `authorizer` answers Lambda authorizers of API Gateway.

mod authorizer;
mod event;
mod http;

use std::{sync::Arc, time::Duration};

use axum::Router;
use lambda_http::{
    Context, LambdaEvent,
    lambda_runtime::{self, Diagnostic, service_fn},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use tintero_domain::{clock::Clock, values::Timestamp};

pub(crate) use self::http::MAX_ANSWER;
use self::{authorizer::Decision, event::Event};
use crate::{CommandError, config::TrustedProxies, wiring::Background};

/// Time before the end of an invocation in which no further step of background work begins.
const RESERVE: Duration = Duration::from_secs(10);

/// The parts of a Lambda function.
pub(crate) struct Function {
    /// The router with all routes.
    pub(crate) router: Router,
    /// The path of the public URL, which the front may or may not have removed.
    pub(crate) base_path: String,
    /// Addresses whose forwarded addresses are used.
    pub(crate) proxies: Arc<TrustedProxies>,
    /// Runs on scheduled events and events of streams.
    pub(crate) background: Background,
    /// Compares with the deadlines of invocations.
    pub(crate) clock: Arc<dyn Clock>,
}

/// Handles events until Lambda ends the process.
pub(crate) async fn run(function: Function) -> Result<(), CommandError> {
    let function = Arc::new(function);
    let handler = service_fn(move |event: LambdaEvent<Event>| {
        let function = Arc::clone(&function);
        async move { function.handle(event).await }
    });
    let ended = lambda_runtime::run(handler).await;
    ended.map_err(|error| CommandError::from(anyhow::anyhow!("the Lambda runtime failed: {error}")))
}

/// The answer to an event.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Http(Box<RawValue>),
    Authorized(Decision),
    Worked(Value),
}

impl Function {
    async fn handle(&self, event: LambdaEvent<Event>) -> Result<Answer, Diagnostic> {
        let LambdaEvent { payload, context } = event;
        Ok(match payload {
            Event::Http(request) => Answer::Http(self.answer(*request, context).await?),
            Event::Authorize(request) => Answer::Authorized(self.authorize(*request).await?),
            Event::Work => Answer::Worked(self.work(&context).await?),
        })
    }

    /// Runs background work until nothing is left or the invocation is about to end.
    async fn work(&self, context: &Context) -> Result<Value, Diagnostic> {
        let deadline = i64::try_from(context.deadline).unwrap_or(i64::MAX);
        let reserve = i64::try_from(RESERVE.as_millis()).unwrap_or(i64::MAX);
        let end = Timestamp::from_millis(deadline.saturating_sub(reserve));
        let is_time_left = || self.clock.now() < end;
        let failures = self.background.run(is_time_left).await;
        if failures.is_empty() {
            return Ok(serde_json::json!({ "done": true }));
        }
        // A failed invocation is repeated by Lambda and counted in its metrics.
        Err(fault("BackgroundWork", failures.join("; ")))
    }
}

/// An error for the log and the metrics of Lambda.
fn fault(kind: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        error_type: kind.to_owned(),
        error_message: message.into(),
    }
}
