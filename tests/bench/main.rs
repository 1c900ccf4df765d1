//! Speed and memory of the real binary, as a table.
//!
//! A server on the embedded engine, its data in a file, is filled with posts over HTTP; then its
//! start, its memory and its usual requests are measured. Times of one machine say little, so
//! each figure also stands as a ratio to the cheapest request of the same run, `GET /healthz`,
//! which touches no database.
//!
//! `POSTS` and `REQUESTS` in the environment make the run smaller or larger.

mod api;
mod load;
mod process;
mod report;

use std::time::Duration;

use anyhow::Result;

use self::{api::Api, load::Operation, process::Server, report::Report};

/// How many rounds are measured; the median of them is shown, with the spread.
const ROUNDS: usize = 3;

/// How often a start is measured.
const STARTS: usize = 9;

fn number(name: &str, default: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no configuration of its own"
    )]
    let text = std::env::var(name);
    text.ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[tokio::main]
async fn main() -> Result<()> {
    let posts = number("POSTS", 10_000);
    let requests = number("REQUESTS", 1_000);
    let folder = tempfile::tempdir()?;
    let mut report = Report::new(posts);

    let server = Server::start(folder.path()).await?;
    let api = Api::sign_in(&server.url).await?;
    load::fill(&api, posts).await?;
    server.stop()?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(folder.path()).await?;
        starts.push(server.first_answer);
        server.stop()?;
    }
    report.starts(&mut starts);

    let server = Server::start(folder.path()).await?;
    report.resident("resident after the start", server.resident()?);
    let api = Api::sign_in(&server.url).await?;
    load::mixed(&api, 1_000).await?;
    for _ in 0..10 {
        Api::sign_in(&server.url).await?;
    }
    tokio::time::sleep(Duration::from_secs(30)).await;
    report.resident(
        "resident 30 s after 1,000 mixed requests and 10 logins",
        server.resident()?,
    );

    // Rounds go through all operations in turn, so that a slow minute of the machine meets all alike.
    for round in 1..=ROUNDS {
        for operation in Operation::ALL {
            for concurrency in [1, 32] {
                eprint_progress(round, operation);
                let subjects = load::subjects(&api, operation, requests).await?;
                let before = server.cpu()?;
                let latencies = load::run(&api, operation, subjects, concurrency).await?;
                report.round(operation, concurrency, server.cpu()? - before, latencies);
            }
        }
    }
    server.stop()?;
    report.print();
    Ok(())
}

#[expect(
    clippy::print_stderr,
    reason = "progress of long work, beside the table on standard output"
)]
fn eprint_progress(round: usize, operation: Operation) {
    eprintln!("round {round} of {ROUNDS}: {}", operation.name());
}
