//! Serves one connection.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::Request,
};
use hyper::{
    HeaderMap, Version, body::Incoming, header, http, server::conn::http1, service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tintero_http::{ClientAddress, RejectedHead};
use tokio::net::TcpStream;

use super::{
    ServeLimits, body::PacedBody, client::ActiveRequest, client_address::client_address,
    clients::AdmittedClient, completion, pace::MinRate, stream::ClientStream,
};
use crate::config::TrustedProxies;

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
    let receiver = RequestReceiver {
        peer: peer.ip(),
        proxies: Arc::clone(&limits.proxies),
        rate,
        admitted: Arc::clone(&admitted),
    };
    let service = service_fn(move |request| {
        // From now on, before the future is polled: further bytes are those of the body.
        let (request, active) = receiver.receive(request);
        let (admitted, router) = (Arc::clone(&receiver.admitted), router.clone());
        async move {
            let response = completion::respond(router, request).await;
            admitted.responds(size(response.body()));
            drop(active);
            Ok::<_, std::convert::Infallible>(response)
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

/// Receives the requests of a connection.
struct RequestReceiver {
    peer: IpAddr,
    proxies: Arc<TrustedProxies>,
    rate: MinRate,
    admitted: Arc<AdmittedClient>,
}

impl RequestReceiver {
    /// Adds what only the connection knows. The request is active until the second value is dropped.
    fn receive(&self, request: http::Request<Incoming>) -> (Request, ActiveRequest) {
        let client = self.admitted.client();
        let has_body = !request.body().is_end_stream();
        let active = client.request(has_body);
        let mut request = request.map(|body| {
            if has_body {
                Body::new(PacedBody::new(body, Arc::clone(client), self.rate))
            } else {
                Body::empty()
            }
        });
        if let Some(rejected) = rejected(request.version(), request.headers()) {
            request.extensions_mut().insert(rejected);
        }
        let address = client_address(self.peer, request.headers(), &self.proxies);
        request.extensions_mut().insert(ClientAddress(address));
        (request, active)
    }
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
