use std::{process::ExitCode, sync::Arc, time::Instant};

use super::block_on;
use crate::{
    CommandError,
    config::{Config, Database},
    data_lock::DataLock,
    keystore::KeyStore,
    lambda::{self, Function, MAX_ANSWER},
    wiring,
};

/// Runs as a Lambda function until Lambda ends the process.
pub(super) fn run(config: &Config) -> Result<ExitCode, CommandError> {
    let started = Instant::now();
    let Some(url) = &config.public_url else {
        return Err(CommandError::precondition(
            "TINTERO_PUBLIC_URL is required in a Lambda function: set the URL of API Gateway or of the load balancer",
        ));
    };
    // Instances of a function share a database on AWS; any other one ends with its instance.
    let lock = match config.dynamodb {
        Database::Embedded => Some(DataLock::acquire(&config.data_dir)?),
        Database::Memory | Database::Aws => None,
    };
    if config.dynamodb != Database::Aws {
        tracing::warn!("the database ends with this instance; set TINTERO_DYNAMODB=aws");
    }
    let keys = KeyStore::open(config)?;
    block_on(async {
        let _lock = lock;
        let server = wiring::server(config, url.as_str(), keys, Some(MAX_ANSWER)).await?;
        if let Some(admin) = server.initial_admin {
            // A random password would be lost: nobody reads the standard output of a function.
            tracing::warn!(email = %admin.email, "created the first administrator with a random password; run `tintero users reset-password`");
        }
        let elapsed = started.elapsed();
        tracing::info!(
            cold_start_ms = elapsed.as_secs_f64() * 1000.0,
            url = url.as_str(),
            "ready"
        );
        lambda::run(Function {
            router: server.router,
            base_path: tintero_http::HttpConfig::new(url.as_str())
                .base_path()
                .to_owned(),
            proxies: Arc::new(config.trusted_proxies.clone()),
            background: server.background,
            clock: server.clock,
        })
        .await
    })?;
    Ok(ExitCode::SUCCESS)
}
