use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use serde_json::Value;
use tokio::sync::{
    Mutex as AsyncMutex,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

/// Largest answer of a process in bytes, as Lambda has it.
const MAX_ANSWER: usize = 6 * 1024 * 1024;

/// Time of an invocation.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The error of an invocation.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The process reported an error.
    Reported(Value),
    /// The process ended, or the answer was too large.
    Lost,
}

type Outcome = Result<Value, Value>;

/// The Runtime API.
#[derive(Clone)]
pub(crate) struct Runtime(Arc<Shared>);

struct Shared {
    sender: UnboundedSender<Invocation>,
    waiting: AsyncMutex<UnboundedReceiver<Invocation>>,
    running: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    last: AtomicU64,
}

struct Invocation {
    event: String,
    answer: oneshot::Sender<Outcome>,
}

impl Default for Runtime {
    fn default() -> Self {
        let (sender, waiting) = unbounded_channel();
        Self(Arc::new(Shared {
            sender,
            waiting: waiting.into(),
            running: Mutex::default(),
            last: AtomicU64::default(),
        }))
    }
}

impl Runtime {
    /// Passes an event to the process and waits for its answer.
    pub(crate) async fn invoke(&self, event: &Value) -> Result<Value, Failure> {
        let (answer, outcome) = oneshot::channel();
        let event = event.to_string();
        let sent = self.0.sender.send(Invocation { event, answer });
        sent.map_err(|_| Failure::Lost)?;
        match outcome.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Failure::Reported(error)),
            Err(_) => Err(Failure::Lost),
        }
    }

    /// The routes that a process calls.
    pub(super) fn router(&self) -> Router {
        let invocation = "/2018-06-01/runtime/invocation";
        Router::new()
            .route(&format!("{invocation}/next"), get(next))
            .route(&format!("{invocation}/{{id}}/response"), post(response))
            .route(&format!("{invocation}/{{id}}/error"), post(error))
            .route(
                "/2018-06-01/runtime/init/error",
                post(async || StatusCode::ACCEPTED),
            )
            .layer(DefaultBodyLimit::max(MAX_ANSWER))
            .with_state(self.clone())
    }

    fn finish(&self, id: &str, outcome: Outcome) -> StatusCode {
        let Some(answer) = self.0.running.lock().unwrap().remove(id) else {
            return StatusCode::BAD_REQUEST;
        };
        // The test may wait no more.
        drop(answer.send(outcome));
        StatusCode::ACCEPTED
    }
}

/// Returns the next event.
async fn next(State(runtime): State<Runtime>) -> (HeaderMap, String) {
    let shared = &runtime.0;
    let invocation = shared.waiting.lock().await.recv().await;
    let invocation = invocation.expect("the sender lives as long as the state");
    let id = format!("invocation-{}", shared.last.fetch_add(1, Ordering::Relaxed));
    // A process asks for the next event when the last one is answered, or has failed.
    let mut running = shared.running.lock().unwrap();
    running.clear();
    running.insert(id.clone(), invocation.answer);
    let deadline = deadline();
    let arn = "arn:aws:lambda:eu-central-1:123456789012:function:tintero";
    let headers = [
        ("lambda-runtime-aws-request-id", id.as_str()),
        ("lambda-runtime-deadline-ms", &deadline),
        ("lambda-runtime-invoked-function-arn", arn),
    ];
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    (headers.collect(), invocation.event)
}

/// The end of an invocation that begins now, in milliseconds since the Unix epoch.
#[expect(
    clippy::disallowed_methods,
    reason = "the process compares it with the clock of the machine"
)]
fn deadline() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    (now + TIMEOUT).as_millis().to_string()
}

async fn response(
    State(runtime): State<Runtime>,
    Path(id): Path<String>,
    body: String,
) -> StatusCode {
    match serde_json::from_str(&body) {
        Ok(answer) => runtime.finish(&id, Ok(answer)),
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

async fn error(State(runtime): State<Runtime>, Path(id): Path<String>, body: String) -> StatusCode {
    let error = serde_json::from_str(&body).unwrap_or(Value::String(body));
    runtime.finish(&id, Err(error))
}
