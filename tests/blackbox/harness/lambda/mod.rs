//! A fake of the Runtime API of Lambda, and a front that turns HTTP requests into events, as API Gateway does.
//!
//! See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

mod front;
mod runtime;

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::Router;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

pub(crate) use self::runtime::{Failure, Runtime};

/// Interval of the scheduled events, which start background work.
const SCHEDULE: Duration = Duration::from_millis(250);

/// A function with its front.
pub(crate) struct Function {
    runtime: Runtime,
    runtime_address: SocketAddr,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Function {
    /// Starts the Runtime API and the front. A process connects by [`Self::variables`].
    pub(crate) fn start() -> Self {
        let runtime = Runtime::default();
        let (api, runtime_address) = serve(runtime.router());
        let (front, address) = serve(front::router(runtime.clone()));
        let schedule = tokio::spawn(tick(runtime.clone()));
        Self {
            runtime,
            runtime_address,
            address,
            tasks: vec![api, front, schedule],
        }
    }

    /// Address of the front.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends an event and returns the answer of the process.
    pub(crate) async fn invoke(&self, event: &Value) -> Result<Value, Failure> {
        self.runtime.invoke(event).await
    }

    /// The environment that Lambda gives to a process.
    pub(crate) fn variables(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_LAMBDA_RUNTIME_API", self.runtime_address.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", "tintero".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512".to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("TINTERO_PUBLIC_URL", format!("http://{}", self.address)),
        ]
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn serve(router: Router) -> (JoinHandle<()>, SocketAddr) {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (task, address)
}

/// Sends scheduled events until the function is dropped.
async fn tick(runtime: Runtime) {
    let mut ticks = interval(SCHEDULE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // A test can stop the process at any time.
        drop(runtime.invoke(&scheduled()).await);
    }
}

/// The event of an `EventBridge` schedule.
pub(crate) fn scheduled() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-24T10:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/tintero-work"],
        "detail": {}
    })
}
