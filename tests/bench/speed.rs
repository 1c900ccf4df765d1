//! CPU time and latency of requests, beside the lower bounds of the same run.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

use crate::{
    Programs,
    connection::{HttpConnection, Prepared},
    figures::Figures,
    load::{Sample, repeat, send_all},
    process::{Cache, Process},
    report::{Report, progress},
    requests::Operation,
    site::{Body, Post, Site},
};

/// Number of measured rounds.
const ROUNDS: usize = 3;

/// Numbers of requests at a time.
const CONCURRENCY: [usize; 2] = [1, 32];

/// The figures of one kind of request at one concurrency.
#[derive(Debug, Default)]
struct Row {
    cpu: Figures,
    bare: Figures,
    p50: Figures,
    p99: Figures,
    rate: Figures,
}

impl Row {
    fn add(&mut self, sample: &Sample) {
        self.cpu.add(sample.cpu_micros());
        self.p50.add(sample.percentile(50));
        self.p99.add(sample.percentile(99));
        self.rate.add(sample.rate());
    }
}

/// Rows by position in [`Operation::ALL`] and concurrency.
type Rows = BTreeMap<(usize, usize), Row>;

/// Measures all requests on the data folder, which has these posts.
pub(crate) async fn measure(
    data: &Path,
    posts: &[Post],
    writes: usize,
    programs: &Programs,
    report: &mut Report,
) -> Result<()> {
    let mut rows = Rows::new();
    let bare = bare_server(data, posts, &programs.bare).await?;
    for round in 1..=ROUNDS {
        for cache in [Cache::On, Cache::Off] {
            let (server, _) = Process::tintero(data, cache).await?;
            let mut site = Site::sign_in(&server, next_number(round)).await?;
            for (at, (operation, _)) in measured(cache) {
                progress(&format!(
                    "round {round} of {ROUNDS}: {}",
                    operation.name(cache)
                ));
                for concurrency in CONCURRENCY {
                    let load = (writes, concurrency);
                    let sample = operation.measure(&server, &mut site, posts, load).await?;
                    let row = rows.entry((at, concurrency)).or_default();
                    row.add(&sample);
                    let sample = floor(operation, &bare, &mut site, posts, load).await?;
                    row.bare.add(sample.cpu_micros());
                }
            }
            server.stop()?;
        }
    }
    progress("calls of the SDK and rows by hand");
    report_requests(&rows, report);
    report_calls(&rows, &calls(&programs.calls)?, report);
    Ok(())
}

fn measured(cache: Cache) -> impl Iterator<Item = (usize, (Operation, Cache))> {
    let all = Operation::ALL.into_iter().enumerate();
    all.filter(move |(_, (_, of))| *of == cache)
}

/// Numbers of posts are unique in all rounds.
fn next_number(round: usize) -> usize {
    round * 10_000_000
}

/// Starts the server of stored answers with the answers of Tintero.
async fn bare_server(data: &Path, posts: &[Post], program: &Path) -> Result<Process> {
    let (server, _) = Process::tintero(data, Cache::Off).await?;
    let mut site = Site::sign_in(&server, next_number(0)).await?;
    let mut connection = HttpConnection::open(server.address()).await?;
    let mut answers = Map::new();
    for operation in [
        Operation::Health,
        Operation::BySlug,
        Operation::Latest,
        Operation::OfCategory,
    ] {
        for path in operation.paths(&site, posts).unwrap_or_default() {
            let answer = connection.send(Prepared::get(&path)).await?;
            let body = String::from_utf8(answer.body.to_vec())?;
            answers.insert(format!("GET {path}"), Value::String(body));
        }
    }
    let created = connection.send(site.create(Body::Known)).await?;
    let body = Value::String(String::from_utf8(created.body.to_vec())?);
    answers.insert("POST".to_owned(), body.clone());
    answers.insert("PATCH".to_owned(), body);
    server.stop()?;
    Process::bare(program, &Value::Object(answers))
}

/// Sends the same request to the server of stored answers.
async fn floor(
    operation: Operation,
    bare: &Process,
    site: &mut Site,
    posts: &[Post],
    (writes, concurrency): (usize, usize),
) -> Result<Sample> {
    if let Some(paths) = operation.paths(site, posts) {
        let time = std::time::Duration::from_secs(1);
        return send_all(bare, repeat(paths, time), concurrency).await;
    }
    // A body is sent more often, because its answer needs less than a tick of the clock.
    let create = site.create(Body::Known);
    let requests = std::iter::repeat_n(create, writes * 5);
    send_all(bare, requests, concurrency).await
}

/// Runs the program that calls the SDK and inserts rows by hand.
fn calls(program: &Path) -> Result<BTreeMap<String, Figures>> {
    let output = Command::new(program).output().context("run the calls")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let figures: BTreeMap<String, Vec<f64>> = serde_json::from_slice(&output.stdout)?;
    let figures = figures.into_iter();
    Ok(figures
        .map(|(call, values)| (call, values.into_iter().collect()))
        .collect())
}

fn report_requests(rows: &Rows, report: &mut Report) {
    report.heading("Requests");
    report.paragraph(
        "`axum` is the CPU time of a bare axum server that sends the same bytes from memory, and \
         parses the body of a write.",
    );
    let header = [
        "request",
        "at once",
        "CPU µs",
        "axum µs",
        "ratio",
        "p50 ms",
        "p99 ms",
        "requests/s",
    ];
    let rows = rows.iter().map(|((at, concurrency), row)| {
        let (operation, cache) = Operation::ALL[*at];
        [
            operation.name(cache),
            concurrency.to_string(),
            row.cpu.to_string(),
            row.bare.to_string(),
            row.cpu.ratio(&row.bare),
            format!("{:.2}", row.p50),
            format!("{:.2}", row.p99),
            row.rate.to_string(),
        ]
    });
    report.table(header, rows.collect());
}

fn report_calls(rows: &Rows, calls: &BTreeMap<String, Figures>, report: &mut Report) {
    report.heading("Requests, calls and rows");
    report.paragraph(
        "`SDK` is a call of the AWS SDK of the same shape on the same engine; `by hand` are the same \
         rows inserted into SQLite with one fsync, one transaction at a time.",
    );
    let none = Figures::default();
    let mut table = Vec::new();
    for ((at, concurrency), row) in rows {
        let (operation, cache) = Operation::ALL[*at];
        let Some(call) = operation.call(cache) else {
            continue;
        };
        let sdk = calls.get(&format!("{call} {concurrency}")).unwrap_or(&none);
        let by_hand = calls.get(&format!("{call} by hand")).unwrap_or(&none);
        table.push([
            operation.name(cache),
            concurrency.to_string(),
            row.cpu.to_string(),
            sdk.to_string(),
            row.cpu.ratio(sdk),
            by_hand.to_string(),
            row.cpu.ratio(by_hand),
        ]);
    }
    let header = [
        "request",
        "at once",
        "CPU µs",
        "SDK µs",
        "ratio",
        "by hand µs",
        "ratio",
    ];
    report.table(header, table);
}
