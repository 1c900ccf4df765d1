use std::net::SocketAddr;

use anyhow::Context;

use super::{block_on, output};
use crate::{
    Failure,
    config::{Config, Database},
    keystore::KeyStore,
    lock::DataLock,
    serve::{self, Drained, Limits},
    telemetry, wiring,
};

pub(super) fn run(config: &Config) -> Result<(), Failure> {
    telemetry::start(&config.log, config.log_format);
    let lock = match config.dynamodb {
        // In the cloud the folder holds the bytes of images, which one server at a time may clean up.
        Database::Embedded | Database::Aws => Some(DataLock::acquire(&config.data_dir)?),
        Database::Memory => None,
    };
    let keys = KeyStore::open(config)?;
    block_on(start(config, lock, keys))
}

async fn start(config: &Config, lock: Option<DataLock>, keys: KeyStore) -> Result<(), Failure> {
    let listener = serve::bind(config.listen).await?;
    let address = listener
        .local_addr()
        .context("the bound address is unknown")?;
    // Held until the end of this function, that is, of the server.
    let _lock = lock.map(|lock| lock.announced(address)).transpose()?;
    let stop = serve::signals().context("signals cannot be received")?;
    let url = public_url(config, address);
    let server = wiring::server(config, &url, keys).await?;
    output::answer(&greeting(&url, server.founder.as_ref()))?;
    tracing::info!(%address, url, "listening");
    let limits = Limits {
        connections: config.max_connections.get(),
        head: Limits::HEAD,
        drain: config.drain_timeout,
    };
    match serve::serve(listener, server.router, limits, stop).await {
        Drained::Complete => tracing::info!("stopped"),
        Drained::Cut(connections) => {
            tracing::warn!(connections, "stopped before every request was answered");
        }
    }
    Ok(())
}

/// What a person who starts the server wants to know.
fn greeting(url: &str, founder: Option<&wiring::Founder>) -> String {
    let places = format!("Tintero listens at {url}\nThe API page is    {url}/docs");
    let Some(wiring::Founder { email, password }) = founder else {
        return places;
    };
    let password = password.expose();
    format!(
        "{places}\n\nThe first administrator, shown this once:\n  e-mail    {email}\n  password  {password}"
    )
}

fn public_url(config: &Config, address: SocketAddr) -> String {
    config.public_url.as_ref().map_or_else(
        || format!("http://{address}"),
        |url| url.as_str().to_owned(),
    )
}
