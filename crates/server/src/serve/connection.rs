//! Serves one connection.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::ConnectInfo,
};
use hyper::{
    HeaderMap, Request, Version, body::Incoming, header, server::conn::http1, service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tintero_http::RejectedHead;
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::{ServeLimits, body::PacedBody, clients::AdmittedClient, stream::ClientStream};

/// Maximum size of the head of a request, and of the buffered part of a response, in bytes. hyper
/// answers a larger head with status 431.
pub(super) const BUFFER: usize = 32 * 1024;

/// Maximum number of bytes that the system keeps for a client that does not receive them.
const UNSENT_IN_SYSTEM: u32 = 32 * 1024;

/// Spawns a task that serves one connection.
pub(super) fn spawn(
    stream: TcpStream,
    peer: SocketAddr,
    admitted: AdmittedClient,
    router: Router,
    limits: &ServeLimits,
    connections: &GracefulShutdown,
) {
    set_options(&stream);
    let admitted = Arc::new(admitted);
    let client = Arc::clone(admitted.client());
    let rate = limits.rate;
    let stream = ClientStream::new(stream, Arc::clone(&client), rate);
    let service = service_fn({
        let admitted = Arc::clone(&admitted);
        move |request: Request<Incoming>| {
            let (admitted, router) = (Arc::clone(&admitted), router.clone());
            // From now on, before the future is polled: further bytes are those of the body.
            let has_body = !request.body().is_end_stream();
            let active = admitted.client().request(has_body);
            async move {
                let client = admitted.client();
                let mut request =
                    request.map(|body| Body::new(PacedBody::new(body, Arc::clone(client), rate)));
                if let Some(rejected) = rejected(request.version(), request.headers()) {
                    request.extensions_mut().insert(rejected);
                }
                request.extensions_mut().insert(ConnectInfo(peer));
                let response = router.oneshot(request).await;
                let response = response.unwrap_or_else(|never| match never {});
                admitted.responds(size(response.body()));
                drop(active);
                Ok::<_, std::convert::Infallible>(response)
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            ended = connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection closed with an error");
                }
            }
            () = client.closed() => {}
        }
        drop(admitted);
    });
}

fn set_options(stream: &TcpStream) {
    // Responses are written at once, so Nagle's algorithm would only add latency.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    // Without a limit the system buffers megabytes, and slow progress would be invisible for minutes.
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_IN_SYSTEM) {
        tracing::debug!(%error, "cannot set TCP_NOTSENT_LOWAT");
    }
}

/// Returns the size of a response whose body is in memory; others are read in small chunks.
fn size(body: &Body) -> usize {
    let exact = body.size_hint().exact();
    exact.map_or(0, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// Requires one `Host` ([RFC 9112](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
fn rejected(version: Version, headers: &HeaderMap) -> Option<RejectedHead> {
    let hosts = headers.get_all(header::HOST).iter().count();
    let is_valid = hosts == 1 || (hosts == 0 && version < Version::HTTP_11);
    (!is_valid).then_some(RejectedHead(
        "The request must have exactly one Host header.",
    ))
}
