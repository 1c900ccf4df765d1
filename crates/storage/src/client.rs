//! Clients of DynamoDB: one for each kind of patience.
//!
//! A person waits for a request, nobody waits for a worker, and a migration may be throttled for
//! minutes. The SDK's own defaults set no limit of time at all, so every client sets its own.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, Config, SharedHttpClient, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};

/// The clients of one database.
#[derive(Debug, Clone)]
pub struct Clients {
    /// For work that somebody waits for: gives up after 5 seconds.
    pub requests: Client,
    /// For background work: gives up after 30 seconds.
    pub workers: Client,
    /// For migrations: slows itself down when throttled.
    pub migrations: Client,
}

/// Clients of the embedded engine behind `http`: no port, no credentials, no signature.
#[must_use]
pub fn embedded(http: SharedHttpClient) -> Clients {
    let base = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url("http://embedded.invalid")
        .http_client(http)
        .allow_no_auth()
        // Bodies are whole in memory: there is no stream that could stall.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    Clients {
        requests: client(&base, Patience::EMBEDDED_REQUESTS),
        workers: client(&base, Patience::EMBEDDED_WORKERS),
        migrations: client(&base, Patience::EMBEDDED_MIGRATIONS),
    }
}

/// Clients of AWS, or of whatever the AWS variables name.
///
/// Region, credentials and endpoint come from the SDK's ordinary chain: environment (also
/// `AWS_ENDPOINT_URL_DYNAMODB`), shared configuration files, container and instance roles.
pub async fn aws() -> Clients {
    let base = Builder::from(&aws_config::defaults(BehaviorVersion::latest()).load().await);
    Clients {
        requests: client(&base, Patience::REQUESTS),
        workers: client(&base, Patience::WORKERS),
        migrations: client(&base, Patience::MIGRATIONS),
    }
}

fn client(base: &Builder, patience: Patience) -> Client {
    Client::from_conf(
        base.clone()
            .retry_config(patience.retries())
            .timeout_config(patience.timeouts())
            .build(),
    )
}

/// How often a client tries and how long it waits.
#[derive(Debug, Clone, Copy)]
struct Patience {
    attempts: u32,
    max_backoff: Duration,
    /// Whether throttling of one call slows the whole client down: wrong where one hot key would
    /// delay everybody, right where one job is the only user.
    adaptive: bool,
    attempt: Option<Duration>,
    operation: Option<Duration>,
}

impl Patience {
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
    /// One call ends well within the lease of the migration lock.
    const MIGRATIONS: Self = Self {
        attempts: 8,
        max_backoff: Duration::from_secs(5),
        adaptive: true,
        attempt: Some(Duration::from_secs(5)),
        operation: Some(Duration::from_secs(20)),
    };
    /// The engine answers 500 after it has waited five seconds for a file that another process
    /// holds (worth a second try) and at once when the disk is full (not worth a long wait). An
    /// attempt has no limit of its own: it queues for one connection, and sending it again would
    /// only lengthen the queue.
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
    /// Without a limit, because the engine builds a whole index within one call.
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
