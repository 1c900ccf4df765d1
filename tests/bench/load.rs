//! Sends requests and measures latency and CPU time.

use std::{
    cell::RefCell,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Result;
use futures::future::try_join_all;

use crate::{
    connection::{HttpConnection, Prepared},
    process::Process,
};

/// The measurement of one kind of request.
pub(crate) struct Sample {
    /// Sorted.
    latencies: Vec<Duration>,
    /// CPU time of the server, in seconds.
    cpu: f64,
    elapsed: Duration,
}

impl Sample {
    /// CPU time per request, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu * 1e6 / self.count()
    }

    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.elapsed.as_secs_f64()
    }

    /// Returns the latency that this share of the requests did not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        percentile(&self.latencies, percent)
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 requests")]
    fn count(&self) -> f64 {
        self.latencies.len().max(1) as f64
    }
}

/// Returns the latency that this share of sorted latencies does not exceed, in milliseconds.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let latency = sorted.get(last * percent / 100);
    latency.map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
}

/// Sends the requests over this number of connections. Every request must succeed.
pub(crate) async fn send_all(
    server: &Process,
    requests: impl IntoIterator<Item = Prepared>,
    concurrency: usize,
) -> Result<Sample> {
    let mut connections = Vec::with_capacity(concurrency);
    for _ in 0..concurrency {
        connections.push(HttpConnection::open(server.address()).await?);
    }
    let requests = RefCell::new(requests.into_iter());
    let (cpu, started) = (server.cpu()?, Instant::now());
    let workers = connections
        .into_iter()
        .map(|connection| worker(connection, || requests.borrow_mut().next()));
    let mut latencies = try_join_all(workers).await?.concat();
    let elapsed = started.elapsed();
    latencies.sort_unstable();
    Ok(Sample {
        latencies,
        cpu: server.cpu()? - cpu,
        elapsed,
    })
}

async fn worker(
    mut connection: HttpConnection,
    mut next: impl FnMut() -> Option<Prepared>,
) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    while let Some(request) = next() {
        let started = Instant::now();
        connection.send(request).await?;
        latencies.push(started.elapsed());
    }
    Ok(latencies)
}

/// Repeats reads of these paths for this time.
pub(crate) fn repeat(paths: Vec<String>, time: Duration) -> impl Iterator<Item = Prepared> {
    let started = Instant::now();
    let endless = (0..paths.len().max(1)).cycle();
    endless
        .take_while(move |_| started.elapsed() < time)
        .map_while(move |at| paths.get(at).map(Prepared::get))
}

/// Makes requests until this time is over.
pub(crate) fn until(
    time: Duration,
    mut request: impl FnMut() -> Prepared,
) -> impl Iterator<Item = Prepared> {
    let started = Instant::now();
    std::iter::from_fn(move || (started.elapsed() < time).then(&mut request))
}

/// Reads one path until this time is over, on a thread of its own. Returns the measurement.
pub(crate) fn read_on_a_thread(
    address: SocketAddr,
    path: String,
    time: Duration,
) -> std::thread::JoinHandle<Result<Vec<Duration>>> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let connection = HttpConnection::open(address).await?;
            let mut requests = repeat(vec![path], time);
            let mut latencies = worker(connection, || requests.next()).await?;
            latencies.sort_unstable();
            Ok(latencies)
        })
    })
}
