//! DynamoDB clients with different timeouts and retries.
//!
//! Requests of users need short timeouts, background work can wait, and migrations can be throttled
//! for minutes. The SDK has no default timeout, so these clients set their own.

mod connection;
mod in_process;
mod request;
mod send_counter;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, Config, SharedHttpClient, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};

pub use self::connection::Connection;
use self::send_counter::CountAttempts;
pub(crate) use self::send_counter::SendCounter;

/// The clients of one database.
#[derive(Debug, Clone)]
pub struct Clients {
    /// For HTTP requests: a call fails after 5 seconds, on the embedded engine after 10.
    pub requests: Connection,
    /// For background work: a call fails after 30 seconds.
    pub workers: Client,
    /// For migrations: reduces its rate when throttled by AWS.
    pub migrations: Client,
}

/// Clients of the embedded engine behind `http`, without port, credentials and signature.
#[must_use]
pub fn embedded(http: SharedHttpClient) -> Clients {
    let base = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url(in_process::ENDPOINT)
        .http_client(http.clone())
        .allow_no_auth()
        // Bodies are in memory, so no stream can stall.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let limits = ClientLimits::EMBEDDED_REQUESTS;
    let plugins = in_process::plugins(http, limits.retries(), limits.timeouts(), CountAttempts);
    Clients {
        requests: Connection::in_process(client(&base, limits), plugins),
        workers: client(&base, ClientLimits::EMBEDDED_WORKERS),
        migrations: client(&base, ClientLimits::EMBEDDED_MIGRATIONS),
    }
}

/// Clients of AWS, or of another endpoint in the AWS configuration.
///
/// Region, credentials and endpoint come from the default chain of the SDK: environment (also
/// `AWS_ENDPOINT_URL_DYNAMODB`), shared configuration files, container and instance roles.
pub async fn aws() -> Clients {
    let base = Builder::from(&aws_config::defaults(BehaviorVersion::latest()).load().await);
    Clients {
        requests: client(&base, ClientLimits::REQUESTS).into(),
        workers: client(&base, ClientLimits::WORKERS),
        migrations: client(&base, ClientLimits::MIGRATIONS),
    }
}

fn client(base: &Builder, limits: ClientLimits) -> Client {
    Client::from_conf(
        base.clone()
            .interceptor(CountAttempts)
            .retry_config(limits.retries())
            .timeout_config(limits.timeouts())
            .build(),
    )
}

/// Retries and timeouts of a client.
#[derive(Debug, Clone, Copy)]
struct ClientLimits {
    attempts: u32,
    max_backoff: Duration,
    /// Whether throttling of one request slows down the whole client. Off for HTTP requests, where
    /// one hot key would delay all others.
    adaptive: bool,
    attempt: Option<Duration>,
    operation: Option<Duration>,
}

impl ClientLimits {
    const REQUESTS: Self = Self {
        attempts: 4,
        max_backoff: Duration::from_secs(1),
        adaptive: false,
        attempt: Some(Duration::from_secs(2)),
        operation: Some(Duration::from_secs(5)),
    };
    const WORKERS: Self = Self {
        attempts: 6,
        max_backoff: Duration::from_secs(5),
        attempt: Some(Duration::from_secs(10)),
        operation: Some(Duration::from_secs(30)),
        ..Self::REQUESTS
    };
    /// A request ends well within the lease of the migration lock.
    const MIGRATIONS: Self = Self {
        attempts: 8,
        max_backoff: Duration::from_secs(5),
        adaptive: true,
        attempt: Some(Duration::from_secs(5)),
        operation: Some(Duration::from_secs(20)),
    };
    /// The engine returns 500 after five seconds if another process holds the file, and immediately
    /// if the disk is full. An attempt has no timeout, because a write queues for the only thread
    /// that writes and a retry would lengthen the queue.
    const EMBEDDED_REQUESTS: Self = Self {
        attempts: 3,
        max_backoff: Duration::from_millis(100),
        attempt: None,
        operation: Some(Duration::from_secs(10)),
        ..Self::REQUESTS
    };
    const EMBEDDED_WORKERS: Self = Self {
        operation: Self::WORKERS.operation,
        ..Self::EMBEDDED_REQUESTS
    };
    /// Without a timeout, because the engine builds an index within one request.
    const EMBEDDED_MIGRATIONS: Self = Self {
        operation: None,
        ..Self::EMBEDDED_REQUESTS
    };

    fn retries(self) -> RetryConfig {
        let mode = if self.adaptive {
            RetryConfig::adaptive()
        } else {
            RetryConfig::standard()
        };
        mode.with_max_attempts(self.attempts)
            .with_initial_backoff(Duration::from_millis(25))
            .with_max_backoff(self.max_backoff)
    }

    fn timeouts(self) -> TimeoutConfig {
        let mut timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(1));
        timeouts.set_operation_attempt_timeout(self.attempt);
        timeouts.set_operation_timeout(self.operation);
        timeouts.build()
    }
}
