//! Accepts connections and shuts down gracefully.

//!
//! - `clients` and `client` keep track of the open connections and close the stalest one at a limit.
//! - `connection` serves one connection, through `stream`, with request bodies as `body`.
//! - `client_address` finds the client behind proxies, and `completion` completes writes.
//! - `pace` is the least rate for both directions, and `head` checks line ends.

mod body;
mod client;
mod client_address;
mod clients;
mod completion;
mod connection;
mod counters;
mod descriptors;
mod head;
mod pace;
mod signals;
mod stream;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use self::clients::{Admission, ClientLimits, ConnectedClients};
pub(crate) use self::{
    client_address::{FORWARDED_FOR, client_address},
    completion::respond,
};
pub use self::{
    counters::ConnectionCounters, descriptors::available_connections, pace::MinRate,
    signals::signals,
};
use crate::{CommandError, config::TrustedProxies};

/// Limits of connections.
#[derive(Debug, Clone)]
pub struct ServeLimits {
    /// Maximum number of open connections. At the limit, a new connection replaces the one whose client
    /// has made the server wait the longest; if there is none, it waits in the backlog of the system.
    pub connections: usize,
    /// Maximum number of open connections from one address.
    pub connections_per_address: usize,
    /// Addresses without a limit of their own, because they connect on behalf of many clients.
    pub proxies: Arc<TrustedProxies>,
    /// Timeout for the head of a request, and for an idle connection.
    pub head: Duration,
    /// The least rate at which clients must send a body and receive a response.
    pub rate: MinRate,
    /// Time for open requests to finish after the signal to stop.
    pub drain: Duration,
}

impl ServeLimits {
    /// Maximum number of bytes of responses in memory that clients do not receive.
    const UNSENT: usize = 64 * 1024 * 1024;

    /// Time without progress after which a connection can be closed for that limit.
    const STALLED: Duration = Duration::from_secs(1);
}

/// The result of a shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// All requests were completed.
    Complete,
    /// The timeout expired or a second signal was received while this many connections were open.
    Cut(usize),
}

/// Binds `address`. The error message suggests another one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => CommandError::precondition(format!(
            "port {} on {} is in use; stop the process that uses it or set another, such as TINTERO_LISTEN={}",
            address.port(),
            address.ip(),
            SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(0)),
        )),
        _ => CommandError::precondition(format!("cannot listen on {address} (TINTERO_LISTEN): {error}")),
    })
}

/// Serves `router` until `stop` receives a message, then waits for open requests. Counts connections in `counters`.
///
/// A second message, or the end of the drain time, closes the remaining connections.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    counters: ConnectionCounters,
    mut stop: mpsc::Receiver<()>,
) -> Drained {
    let connections = GracefulShutdown::new();
    let client_limits = ClientLimits {
        total: limits.connections,
        per_address: limits.connections_per_address,
        unsent: ServeLimits::UNSENT,
        stalled: ServeLimits::STALLED,
    };
    let clients = ConnectedClients::new(client_limits, counters);
    loop {
        tokio::select! {
            // Checks the signal first, so that a busy listener cannot delay it.
            biased;
            _ = stop.recv() => break,
            (stream, peer) = accept(&listener, &clients) => {
                let address = peer.ip().to_canonical();
                let is_counted = !limits.proxies.contains(address);
                if let Admission::Admitted(client) = clients.admit(address, is_counted) {
                    let router = router.clone();
                    connection::spawn(stream, peer, client, router, &limits, &connections);
                }
            }
        }
    }
    drop(listener);
    tracing::info!(
        connections = clients.open(),
        "shutting down, waiting for open requests"
    );
    tokio::select! {
        () = connections.shutdown() => Drained::Complete,
        () = tokio::time::sleep(limits.drain) => Drained::Cut(clients.open()),
        Some(()) = stop.recv() => Drained::Cut(clients.open()),
    }
}

/// Waits until a connection can be admitted and then for a connection.
async fn accept(
    listener: &TcpListener,
    clients: &Arc<ConnectedClients>,
) -> (TcpStream, SocketAddr) {
    clients.wait().await;
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_connection_error(&error) => {}
            Err(error) => {
                // For example, no free file descriptor. An immediate retry would fail too.
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

#[cfg(test)]
mod tests;
