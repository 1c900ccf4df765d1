//! The loop that accepts connections, and its end.

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
use crate::Failure;

/// How much the loop takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections that are open at once; more wait in the system's queue.
    pub connections: usize,
    /// Longest time a client may take to send the head of a request, and longest idle time of a
    /// connection between requests.
    pub head: Duration,
    /// How long requests in flight may go on after the signal to stop.
    pub drain: Duration,
}

impl Limits {
    /// Enough for a slow line; too short to hold connections open for nothing.
    pub const HEAD: Duration = Duration::from_secs(15);

    /// Largest head of a request, in bytes. Beyond it a connection ends without a problem and
    /// without a line in the log, so it is as large as a body: what is refused is refused by us.
    const HEAD_SIZE: usize = 2 * 1024 * 1024;
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every request in flight was answered.
    Complete,
    /// The time was up, or a second signal came, while this many connections were open.
    Cut(usize),
}

/// Binds `address`; a refusal says how to choose another.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::refused(format!(
            "port {} on {} is in use; stop what uses it or choose another, such as TINTERO_LISTEN={}",
            address.port(),
            address.ip(),
            SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(0)),
        )),
        _ => Failure::refused(format!("TINTERO_LISTEN: {address} cannot be listened on: {error}")),
    })
}

/// Serves `router` until `stop` yields once, then lets requests in flight finish.
///
/// A second message on `stop`, or the end of the drain time, cuts what is still open.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stop: mpsc::Receiver<()>,
) -> Drained {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        tokio::select! {
            // Without an order a busy listener could put the signal off.
            biased;
            _ = stop.recv() => break,
            accepted = accept(&listener, &places) => {
                answer(accepted, router.clone(), limits.head, &connections);
            }
        }
    }
    drop(listener);
    let open = || limits.connections - places.available_permits();
    tracing::info!(
        connections = open(),
        "stopping: no new connections, requests in flight may finish"
    );
    tokio::select! {
        () = connections.shutdown() => Drained::Complete,
        () = tokio::time::sleep(limits.drain) => Drained::Cut(open()),
        Some(()) = stop.recv() => Drained::Cut(open()),
    }
}

/// A connection and its place among the open ones.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Accepted {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                return Accepted {
                    stream,
                    peer,
                    place,
                };
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // Such as no free file descriptor: at once it would only fail again.
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// Answers the requests of one connection in a task of its own.
fn answer(accepted: Accepted, router: Router, head: Duration, connections: &GracefulShutdown) {
    let Accepted {
        stream,
        peer,
        place,
    } = accepted;
    // Answers are small and whole; waiting for more to send would only add latency.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(Limits::HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

#[cfg(test)]
mod tests;
