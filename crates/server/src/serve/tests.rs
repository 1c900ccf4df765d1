use std::{sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use super::*;

const HOUR: Duration = Duration::from_hours(1);
const LIMITS: Limits = Limits {
    connections: 8,
    head: HOUR,
    drain: HOUR,
};

/// A server whose route `/slow` says that it began and waits until it may end.
struct Server {
    address: SocketAddr,
    began: Arc<Notify>,
    may_end: Arc<Notify>,
    stop: mpsc::Sender<()>,
    end: JoinHandle<Drained>,
}

async fn start(limits: Limits) -> Server {
    let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&began), Arc::clone(&may_end));
    let slow = async move || {
        tell.notify_one();
        wait.notified().await;
        "done"
    };
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
    let router = Router::new()
        .route("/slow", get(slow))
        .route("/peer", get(peer));
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = mpsc::channel(2);
    let end = tokio::spawn(serve(listener, router, limits, stopped));
    Server {
        address,
        began,
        may_end,
        stop,
        end,
    }
}

async fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_request_in_flight_is_answered_after_the_signal_and_new_ones_are_not_taken() {
    let server = start(LIMITS).await;
    let answer = ask(server.address, "/slow").await;
    server.began.notified().await;
    server.stop.send(()).await.unwrap();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.may_end.notify_one();
    assert!(rest(answer).await.ends_with("done"));
    assert_eq!(server.end.await.unwrap(), Drained::Complete);
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_end() {
    let server = start(LIMITS).await;
    let mut idle = ask(server.address, "/peer").await;
    let mut head = [0; 12];
    idle.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    server.stop.send(()).await.unwrap();
    assert_eq!(server.end.await.unwrap(), Drained::Complete);
    assert!(
        rest(idle).await.ends_with("127.0.0.1"),
        "the handler knows its peer"
    );
}

#[tokio::test]
async fn a_second_signal_and_the_end_of_the_drain_time_cut_what_is_left() {
    let impatient = start(LIMITS).await;
    let _first = ask(impatient.address, "/slow").await;
    impatient.began.notified().await;
    impatient.stop.send(()).await.unwrap();
    impatient.stop.send(()).await.unwrap();
    assert_eq!(impatient.end.await.unwrap(), Drained::Cut(1));

    let bounded = start(Limits {
        drain: Duration::from_millis(1),
        ..LIMITS
    })
    .await;
    let _second = ask(bounded.address, "/slow").await;
    bounded.began.notified().await;
    bounded.stop.send(()).await.unwrap();
    assert_eq!(bounded.end.await.unwrap(), Drained::Cut(1));
}

#[tokio::test]
async fn a_client_that_dribbles_its_head_is_dropped() {
    let server = start(Limits {
        head: Duration::from_millis(20),
        ..LIMITS
    })
    .await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET /peer HTT").await.unwrap();
    let text = rest(slow).await;
    assert!(!text.contains(" 200 "), "{text}");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let server = start(Limits {
        connections: 1,
        ..LIMITS
    })
    .await;
    let first = ask(server.address, "/slow").await;
    server.began.notified().await;
    let mut second = ask(server.address, "/peer").await;
    server.may_end.notify_one();
    drop(first);
    let mut head = [0; 12];
    second.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
}

#[tokio::test]
async fn a_taken_port_is_refused_with_the_way_out() {
    let taken = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = taken.local_addr().unwrap();
    let text = bind(address).await.unwrap_err().to_string();
    assert!(
        text.contains(&format!("port {} on 127.0.0.1 is in use", address.port()))
            && text.contains("TINTERO_LISTEN="),
        "{text}"
    );
}
