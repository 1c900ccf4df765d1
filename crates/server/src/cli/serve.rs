use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;

use super::{block_on, output};
use crate::{
    CommandError,
    config::{Config, Database},
    data_lock::DataLock,
    keystore::KeyStore,
    metrics,
    serve::{self, Drained, MinRate, ServeLimits},
    wiring,
};

pub(super) fn run(config: &Config) -> Result<(), CommandError> {
    let lock = match config.dynamodb {
        // In `aws` mode the folder holds the images, which only one server at a time may clean up.
        Database::Embedded | Database::Aws => Some(DataLock::acquire(&config.data_dir)?),
        Database::Memory => None,
    };
    let keys = KeyStore::open(config)?;
    block_on(start(config, lock, keys))
}

async fn start(
    config: &Config,
    lock: Option<DataLock>,
    keys: KeyStore,
) -> Result<(), CommandError> {
    let listener = serve::bind(config.listen).await?;
    let address = listener
        .local_addr()
        .context("cannot determine the bound address")?;
    // Held until the server stops.
    let _lock = lock.map(|lock| lock.with_address(address)).transpose()?;
    let stop = serve::signals().context("cannot install the signal handlers")?;
    let url = public_url(config, address);
    let server = wiring::server(config, &url, keys, None).await?;
    server.background.spawn();
    if let (Some(address), Some(metrics)) = (config.metrics_listen, server.metrics) {
        let address = metrics::serve(address, metrics).await?;
        tracing::info!(%address, "serving metrics");
    }
    output::print(&greeting(&url, server.initial_admin.as_ref()))?;
    tracing::info!(%address, url, "listening");
    let (limits, counters) = (limits(config), server.connections);
    match serve::serve(listener, server.router, limits, counters, stop).await {
        Drained::Complete => tracing::info!("stopped"),
        Drained::Cut(connections) => {
            tracing::warn!(connections, "stopped with unfinished requests");
        }
    }
    if let Err(error) = server.redirects.store_unknown_addresses().await {
        tracing::warn!(%error, "the last requests for unknown addresses were not stored");
    }
    Ok(())
}

fn limits(config: &Config) -> ServeLimits {
    let window = config.min_rate_window;
    let bytes = window.as_millis() * config.min_rate.get() as u128 / 1000;
    ServeLimits {
        connections: serve::available_connections(config.max_connections.get()),
        connections_per_address: config.max_connections_per_address.get(),
        proxies: Arc::new(config.trusted_proxies.clone()),
        head: config.head_timeout,
        rate: MinRate {
            window,
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX).max(1),
        },
        drain: config.drain_timeout,
    }
}

fn greeting(url: &str, initial_admin: Option<&wiring::InitialAdmin>) -> String {
    let urls = format!("Listening on {url}\nDashboard: {url}/admin\nAPI documentation: {url}/docs");
    let Some(wiring::InitialAdmin { email, password }) = initial_admin else {
        return urls;
    };
    let password = password.expose();
    format!(
        "{urls}\n\nCreated the first administrator (the password is not shown again):\n  e-mail    {email}\n  password  {password}"
    )
}

fn public_url(config: &Config, address: SocketAddr) -> String {
    config.public_url.as_ref().map_or_else(
        || format!("http://{address}"),
        |url| url.as_str().to_owned(),
    )
}
