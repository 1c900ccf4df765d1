//! Accepts connections and shuts down gracefully.

mod signals;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
};
use tower::ServiceExt;

pub use self::signals::signals;
use crate::CommandError;

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct ServeLimits {
    /// Maximum number of open connections. Further ones wait in the backlog of the system.
    pub connections: usize,
    /// Timeout for the head of a request, and for an idle connection.
    pub head: Duration,
    /// Time for open requests to finish after the signal to stop.
    pub drain: Duration,
}

impl ServeLimits {
    /// The default timeout for the head of a request.
    pub const HEAD: Duration = Duration::from_secs(15);

    /// Maximum size of the head of a request in bytes. hyper closes the connection above it without a
    /// response or a log line, so it is as large as a body and the router rejects large heads.
    const MAX_HEAD_BYTES: usize = 2 * 1024 * 1024;
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

/// Serves `router` until `stop` receives a message, then waits for open requests.
///
/// A second message, or the end of the drain time, closes the remaining connections.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    mut stop: mpsc::Receiver<()>,
) -> Drained {
    let connections = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(limits.connections));
    loop {
        tokio::select! {
            // Checks the signal first, so that a busy listener cannot delay it.
            biased;
            _ = stop.recv() => break,
            accepted = accept(&listener, &permits) => {
                spawn_connection(accepted, router.clone(), limits.head, &connections);
            }
        }
    }
    drop(listener);
    let open = || limits.connections - permits.available_permits();
    tracing::info!(
        connections = open(),
        "shutting down, waiting for open requests"
    );
    tokio::select! {
        () = connections.shutdown() => Drained::Complete,
        () = tokio::time::sleep(limits.drain) => Drained::Cut(open()),
        Some(()) = stop.recv() => Drained::Cut(open()),
    }
}

struct AcceptedConnection {
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
}

/// Waits for a permit and then for a connection.
async fn accept(listener: &TcpListener, permits: &Arc<Semaphore>) -> AcceptedConnection {
    let permit = Arc::clone(permits)
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                return AcceptedConnection {
                    stream,
                    peer,
                    permit,
                };
            }
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

/// Spawns a task that serves one connection.
fn spawn_connection(
    accepted: AcceptedConnection,
    router: Router,
    head: Duration,
    connections: &GracefulShutdown,
) {
    let AcceptedConnection {
        stream,
        peer,
        permit,
    } = accepted;
    // Responses are written at once, so Nagle's algorithm would only add latency.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(ServeLimits::MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection closed with an error");
        }
        drop(permit);
    });
}

#[cfg(test)]
mod tests;
