//! Clients that send or receive slowly, or not at all.

use std::fs;

use libtest_mimic::Trial;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Server, Setup, cases, draft, gif};

/// Number of slow clients of each kind.
const CLIENTS: usize = 1_000;

/// Maximum memory of the server in bytes.
const MEMORY: u64 = 150 * 1024 * 1024;

pub(super) fn all() -> Vec<Trial> {
    cases![
        slow_bodies_leave_reads_and_writes_alone,
        large_unfinished_bodies_leave_reads_alone_and_have_a_memory_limit,
        unread_downloads_leave_reads_alone,
        unfinished_heads_leave_reads_alone,
        slow_clients_are_disconnected,
        heads_without_one_host_or_with_bare_line_feeds_are_rejected,
    ]
}

/// The default limits of clients.
fn setup() -> Setup {
    raise_file_limit();
    Setup::embedded()
}

/// Each client is a socket of this process, too.
fn raise_file_limit() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
}

async fn connect(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    // Fails if the server closes the connection before it has received everything.
    let _ = stream.write_all(bytes).await;
    stream
}

/// Opens `count` connections that send `bytes`.
async fn connections(server: &Server, count: usize, bytes: &[u8]) -> Vec<TcpStream> {
    let mut open = Vec::with_capacity(count);
    for _ in 0..count {
        open.push(connect(server, bytes).await);
    }
    open
}

fn unfinished_login(length: usize, sent: usize) -> Vec<u8> {
    let head = format!(
        "POST /v1/auth/login HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{{"
    );
    let mut bytes = head.into_bytes();
    bytes.resize(bytes.len() + sent, b' ');
    bytes
}

async fn reads_succeed(server: &Server) {
    for _ in 0..20 {
        server.anonymous().get("/v1/posts").send().await.is(200);
        server.anonymous().get("/readyz").send().await.is(200);
    }
}

/// Asserts the peak of the memory of the server, without the mapped pages of the program itself, which are
/// many in a build without optimisation. Only Linux tells it.
fn memory_is_bounded(server: &Server) {
    let file = format!("/proc/{}/status", server.pid().as_raw_nonzero());
    let Ok(status) = fs::read_to_string(file) else {
        return;
    };
    let bytes = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = value.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes.expect("the status has the memory") * 1024
    };
    let used = bytes("VmHWM:") - bytes("RssFile:");
    assert!(used <= MEMORY, "{} MiB", used / 1024 / 1024);
}

async fn slow_bodies_leave_reads_and_writes_alone() {
    let server = setup().start();
    let author = server.administrator().await;
    let mut slow = connections(&server, CLIENTS, &unfinished_login(1_000, 0)).await;
    for _ in 0..3 {
        reads_succeed(&server).await;
        author.create(&draft("beside-slow-clients")).await;
        for stream in &mut slow {
            let _ = stream.write_all(b" ").await;
        }
    }
    memory_is_bounded(&server);
}

async fn large_unfinished_bodies_leave_reads_alone_and_have_a_memory_limit() {
    const LENGTH: usize = 2 * 1024 * 1024;
    let server = setup().start();
    let author = server.administrator().await;
    let _slow = connections(
        &server,
        CLIENTS / 5,
        &unfinished_login(LENGTH, LENGTH - 100),
    )
    .await;
    reads_succeed(&server).await;
    author.create(&draft("beside-large-bodies")).await;
    memory_is_bounded(&server);
}

async fn unread_downloads_leave_reads_alone() {
    const LENGTH: usize = 15_000_000;
    let server = setup().start();
    let author = server.administrator().await;
    let mut image = gif();
    image.resize(LENGTH, 0);
    let image = author.post("/v1/images").form(&image, &[]).send().await;
    let image = image.is(201).json();
    let url = image["url"].as_str().unwrap();
    let request = format!("GET {url} HTTP/1.1\r\nhost: test\r\n\r\n");
    let _unread = connections(&server, 1_030, request.as_bytes()).await;
    reads_succeed(&server).await;
    memory_is_bounded(&server);
}

async fn unfinished_heads_leave_reads_alone() {
    const LENGTH: usize = 1_900_000;
    let server = setup().start();
    let mut head = b"GET /v1/posts HTTP/1.1\r\nhost: test\r\nx-long: ".to_vec();
    let short = head.clone();
    head.resize(LENGTH, b'x');
    let _long = connections(&server, CLIENTS / 5, &head).await;
    let _short = connections(&server, CLIENTS, &short).await;
    reads_succeed(&server).await;
    memory_is_bounded(&server);
}

/// Waits until the server has closed the connection, and returns what it sent.
async fn ending(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that was reset is closed too.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn slow_clients_are_disconnected() {
    let server = Setup::memory()
        .with("TINTERO_HEAD_TIMEOUT", "300ms")
        .with("TINTERO_MIN_RATE_WINDOW", "300ms")
        .start();
    let head = connect(&server, b"GET /v1/posts HTTP/1.1\r\nhost").await;
    assert_eq!(ending(head).await, "", "an unfinished head has no answer");
    let idle = connect(&server, b"").await;
    assert_eq!(ending(idle).await, "");
    let body = connect(&server, &unfinished_login(1_000, 1)).await;
    let answer = ending(body).await;
    assert!(
        answer.starts_with("HTTP/1.1 408 Request Timeout") && answer.contains("request_timeout"),
        "{answer}"
    );
}

async fn heads_without_one_host_or_with_bare_line_feeds_are_rejected() {
    let server = crate::harness::shared::server();
    for (hosts, expected) in [
        ("", "HTTP/1.1 400"),
        ("host: a\r\nhost: b\r\n", "HTTP/1.1 400"),
        ("host: a\r\nHost: a\r\n", "HTTP/1.1 400"),
        ("host: a\r\n", "HTTP/1.1 200"),
    ] {
        let request = format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let answer = ending(connect(&server, request.as_bytes()).await).await;
        assert!(answer.starts_with(expected), "{hosts:?}: {answer}");
        if expected.ends_with("400") {
            assert!(answer.contains("bad_header"), "{answer}");
        }
    }
    for head in [
        "GET /healthz HTTP/1.1\nhost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\n\n",
    ] {
        let answer = ending(connect(&server, head.as_bytes()).await).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{head:?}: {answer}");
    }
    let old = b"GET /healthz HTTP/1.0\r\n\r\n";
    let answer = ending(connect(&server, old).await).await;
    assert!(answer.contains(" 200 "), "HTTP/1.0 has no Host: {answer}");
}
