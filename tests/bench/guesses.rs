//! What people notice of clients that guess passwords.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use futures::future::join_all;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::{
    connection::{HttpConnection, Prepared},
    load::{percentile, read_on_a_thread},
    process::{Cache, EMAIL, PASSWORD, Process},
    report::{Report, progress},
    site::Site,
};

/// Duration of each measurement.
const TIME: Duration = Duration::from_secs(30);

/// Number of guessers.
const GUESSERS: u32 = 200;

/// Number of posts that the reader lists.
const POSTS: usize = 100;

/// The addresses of the guessers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crowd {
    None,
    OneAddress,
    AddressEach,
    AddressPerGuess,
}

impl Crowd {
    const ALL: [(Self, &'static str); 4] = [
        (Self::None, "none"),
        (Self::OneAddress, "from one address"),
        (Self::AddressEach, "each from another address"),
        (Self::AddressPerGuess, "each guess from a new address"),
    ];

    /// The address of a guess. That of people is 127.0.0.1.
    fn address(self, guesser: u32, guess: u32) -> Ipv4Addr {
        let number = match self {
            Self::None | Self::OneAddress => 0,
            Self::AddressEach => guesser,
            Self::AddressPerGuess => guess * GUESSERS + guesser,
        };
        Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 0).to_bits() + number % (1 << 20))
    }
}

/// The guessers, on a thread of their own.
struct Guessers {
    thread: JoinHandle<Result<()>>,
    shared: Arc<GuessCounts>,
}

#[derive(Default)]
struct GuessCounts {
    ended: AtomicBool,
    hashed: AtomicU32,
    refused: AtomicU32,
}

/// The figures of one crowd.
struct Noticed {
    sign_ins: Vec<Duration>,
    reads: Vec<Duration>,
    hashed: u32,
    refused: u32,
}

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (server, _) = Process::tintero(folder.path(), Cache::Off).await?;
    let mut site = Site::sign_in(&server, 0).await?;
    site.published(POSTS, |_| ()).await?;
    server.stop()?;
    let mut rows: Vec<[String; 9]> = Vec::new();
    let mut alone = None;
    for (crowd, name) in Crowd::ALL {
        progress(&format!("sign-ins beside guessers: {name}"));
        let noticed = Noticed::beside(folder.path(), crowd).await?;
        let [sign_in, slow, read, late] = noticed.latencies();
        let [sign_in_alone, _, read_alone, _] = *alone.get_or_insert([sign_in, slow, read, late]);
        rows.push([
            name.to_owned(),
            format!("{sign_in:.0}"),
            format!("{slow:.0}"),
            format!("{:.1}", sign_in / sign_in_alone),
            format!("{read:.1}"),
            format!("{late:.1}"),
            format!("{:.1}", read / read_alone),
            (noticed.hashed / 30).to_string(),
            (noticed.refused / 30).to_string(),
        ]);
    }
    report.heading("Sign-ins and reads beside guessers");
    report.paragraph(&format!(
        "A person signs in again and again with the right password, and one reader lists {POSTS} posts from the engine, for {} s. \
         {GUESSERS} guessers send wrong passwords for many accounts, each as soon as it has an answer, and share the machine.",
        TIME.as_secs()
    ));
    let header = [
        "guessers",
        "sign-in ms",
        "p99 ms",
        "ratio",
        "read ms",
        "p99 ms",
        "ratio",
        "guesses checked/s",
        "refused/s",
    ];
    report.table(header, rows);
    Ok(())
}

impl Noticed {
    async fn beside(data: &Path, crowd: Crowd) -> Result<Self> {
        let (server, _) = Process::tintero(data, Cache::Off).await?;
        let guessers = Guessers::start(server.address(), crowd);
        let reader = read_on_a_thread(server.address(), "/v1/posts".to_owned(), TIME);
        let mut sign_ins = Vec::new();
        let mut connection = HttpConnection::open(server.address()).await?;
        let (started, right) = (Instant::now(), login(EMAIL, PASSWORD));
        while started.elapsed() < TIME {
            let begun = Instant::now();
            connection.send(right.clone()).await?;
            sign_ins.push(begun.elapsed());
        }
        sign_ins.sort_unstable();
        let reads = reader
            .join()
            .map_err(|_| anyhow!("the reader panicked"))??;
        let (hashed, refused) = guessers.end()?;
        server.stop()?;
        Ok(Self {
            sign_ins,
            reads,
            hashed,
            refused,
        })
    }

    /// Median and 99th percentile of sign-ins and of reads, in milliseconds.
    fn latencies(&self) -> [f64; 4] {
        [
            percentile(&self.sign_ins, 50),
            percentile(&self.sign_ins, 99),
            percentile(&self.reads, 50),
            percentile(&self.reads, 99),
        ]
    }
}

impl Guessers {
    fn start(server: SocketAddr, crowd: Crowd) -> Self {
        let shared = Arc::new(GuessCounts::default());
        let counts = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let number = if crowd == Crowd::None { 0 } else { GUESSERS };
            let all = (0..number).map(|guesser| guess(server, crowd, guesser, &counts));
            for ended in runtime.block_on(join_all(all)) {
                ended?;
            }
            Ok(())
        });
        Self { thread, shared }
    }

    /// Stops, and returns the numbers of checked and of refused guesses.
    fn end(self) -> Result<(u32, u32)> {
        self.shared.ended.store(true, Ordering::Relaxed);
        let ended = self.thread.join();
        ended.map_err(|_| anyhow!("a guesser panicked"))??;
        let counts = &self.shared;
        Ok((
            counts.hashed.load(Ordering::Relaxed),
            counts.refused.load(Ordering::Relaxed),
        ))
    }
}

/// Guesses until the measurement ends.
async fn guess(server: SocketAddr, crowd: Crowd, guesser: u32, counts: &GuessCounts) -> Result<()> {
    let mut connection = None;
    for guess in 0.. {
        if counts.ended.load(Ordering::Relaxed) {
            break;
        }
        let mut open = if let Some(open) = connection.take() {
            open
        } else {
            let address = IpAddr::V4(crowd.address(guesser, guess));
            HttpConnection::open_from(address, server).await?
        };
        let email = format!("person{}@example.org", guess * GUESSERS + guesser);
        let answer = open.exchange(login(&email, "a wrong password")).await?;
        let count = match answer.status {
            StatusCode::UNAUTHORIZED => &counts.hashed,
            _ => &counts.refused,
        };
        count.fetch_add(1, Ordering::Relaxed);
        if crowd != Crowd::AddressPerGuess {
            connection = Some(open);
        }
    }
    Ok(())
}

fn login(email: &str, password: &str) -> Prepared {
    let body = json!({ "email": email, "password": password });
    let json = HeaderValue::from_static("application/json");
    Prepared {
        method: Method::POST,
        path: "/v1/auth/login".to_owned(),
        headers: HeaderMap::from_iter([(header::CONTENT_TYPE, json)]),
        body: Bytes::from(body.to_string()),
    }
}
