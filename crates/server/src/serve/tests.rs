use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::Extension,
    routing::{get, post},
};
use tintero_http::ClientAddress;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use super::*;

const HOUR: Duration = Duration::from_hours(1);

fn limits() -> ServeLimits {
    ServeLimits {
        connections: 8,
        connections_per_address: 8,
        proxies: Arc::default(),
        head: HOUR,
        rate: MinRate {
            window: HOUR,
            bytes: 1,
        },
        drain: HOUR,
    }
}

/// Limits for clients that are too slow after 20 ms.
fn impatient() -> ServeLimits {
    ServeLimits {
        rate: MinRate {
            window: Duration::from_millis(20),
            bytes: 1024 * 1024,
        },
        ..limits()
    }
}

/// More than the buffers of both systems hold.
const LARGE: usize = 64 * 1024 * 1024;

/// A server with a route `/slow` that notifies `began` and waits for `may_end`.
struct Server {
    address: SocketAddr,
    began: Arc<Notify>,
    may_end: Arc<Notify>,
    stop: mpsc::Sender<()>,
    end: JoinHandle<Drained>,
}

async fn start(limits: ServeLimits) -> Server {
    let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&began), Arc::clone(&may_end));
    let slow = async move || {
        tell.notify_one();
        wait.notified().await;
        "done"
    };
    let peer = async |Extension(ClientAddress(peer)): Extension<ClientAddress>| peer.to_string();
    let router = Router::new()
        .route("/slow", get(slow))
        .route("/peer", get(peer))
        .route("/echo", post(async |body: Bytes| body))
        .route("/large", get(async || vec![b' '; LARGE]));
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = mpsc::channel(2);
    let end = tokio::spawn(serve(
        listener,
        router,
        limits,
        ConnectionCounters::default(),
        stopped,
    ));
    Server {
        address,
        began,
        may_end,
        stop,
        end,
    }
}

async fn send(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads the first line of a response.
async fn read_head(mut stream: TcpStream) -> String {
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    String::from_utf8_lossy(&line).into_owned()
}

async fn read_all(mut stream: TcpStream) -> String {
    let mut text = String::new();
    match stream.read_to_string(&mut text).await {
        // The server closes a connection with unread bytes by a reset.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
        read => drop(read.unwrap()),
    }
    text
}

#[tokio::test]
async fn open_requests_finish_after_the_signal_and_new_connections_are_rejected() {
    let server = start(limits()).await;
    let response = send(server.address, "/slow").await;
    server.began.notified().await;
    server.stop.send(()).await.unwrap();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.may_end.notify_one();
    assert!(read_all(response).await.ends_with("done"));
    assert_eq!(server.end.await.unwrap(), Drained::Complete);
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_shutdown() {
    let server = start(limits()).await;
    let mut idle = send(server.address, "/peer").await;
    let mut head = [0; 12];
    idle.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    server.stop.send(()).await.unwrap();
    assert_eq!(server.end.await.unwrap(), Drained::Complete);
    assert!(
        read_all(idle).await.ends_with("127.0.0.1"),
        "the handler gets the peer address"
    );
}

#[tokio::test]
async fn a_second_signal_and_the_drain_timeout_close_open_connections() {
    let impatient = start(limits()).await;
    let _first = send(impatient.address, "/slow").await;
    impatient.began.notified().await;
    impatient.stop.send(()).await.unwrap();
    impatient.stop.send(()).await.unwrap();
    assert_eq!(impatient.end.await.unwrap(), Drained::Cut(1));

    let bounded = start(ServeLimits {
        drain: Duration::from_millis(1),
        ..limits()
    })
    .await;
    let _second = send(bounded.address, "/slow").await;
    bounded.began.notified().await;
    bounded.stop.send(()).await.unwrap();
    assert_eq!(bounded.end.await.unwrap(), Drained::Cut(1));
}

#[tokio::test]
async fn a_client_with_a_slow_head_is_disconnected() {
    let server = start(ServeLimits {
        head: Duration::from_millis(20),
        ..limits()
    })
    .await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET /peer HTT").await.unwrap();
    let text = read_all(slow).await;
    assert!(!text.contains(" 200 "), "{text}");
}

#[tokio::test]
async fn connections_above_the_limit_wait() {
    let server = start(ServeLimits {
        connections: 1,
        ..limits()
    })
    .await;
    let first = send(server.address, "/slow").await;
    server.began.notified().await;
    let mut second = send(server.address, "/peer").await;
    server.may_end.notify_one();
    drop(first);
    let mut head = [0; 12];
    second.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
}

#[tokio::test]
async fn a_connection_that_waits_for_its_client_makes_room() {
    let server = start(ServeLimits {
        connections: 1,
        ..limits()
    })
    .await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /peer HTT").await.unwrap();
    let answer = read_head(send(server.address, "/peer").await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(read_all(idle).await, "", "closed without a response");
}

#[tokio::test]
async fn a_client_that_does_not_receive_is_disconnected() {
    let server = start(impatient()).await;
    let mut stream = send(server.address, "/large").await;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    server.stop.send(()).await.unwrap();
    assert_eq!(server.end.await.unwrap(), Drained::Complete);
}

#[tokio::test]
async fn a_client_that_sends_its_body_slowly_is_disconnected() {
    let server = start(impatient()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = b"POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 9\r\n\r\nhalf";
    stream.write_all(head).await.unwrap();
    let text = read_all(stream).await;
    assert!(text.starts_with("HTTP/1.1 4"), "{text}");
}

#[tokio::test]
async fn a_large_head_is_rejected() {
    let server = start(limits()).await;
    let path = format!("/peer?{}", "x".repeat(2 * connection::BUFFER));
    let answer = read_head(send(server.address, &path).await).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn the_error_of_a_port_in_use_suggests_another() {
    let in_use = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = in_use.local_addr().unwrap();
    let text = bind(address).await.unwrap_err().to_string();
    assert!(
        text.contains(&format!("port {} on 127.0.0.1 is in use", address.port()))
            && text.contains("TINTERO_LISTEN="),
        "{text}"
    );
}
