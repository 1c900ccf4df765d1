//! Measures speed and memory of the release binary, and prints a table.
//!
//! A server on the embedded engine, with its data in a file, is filled with posts over HTTP. The
//! benchmark then measures its start, its memory and common requests. Absolute times depend on the
//! machine, so each figure is also given as a ratio to the cheapest request of the same run,
//! `GET /healthz`, which does not use the database.
//!
//! The environment variables `POSTS` and `REQUESTS` set the size of the run.

mod api;
mod load;
mod process;
mod report;

use std::time::Duration;

use anyhow::Result;

use self::{api::Api, load::Operation, process::Server, report::Report};

/// Number of measured rounds. The table shows their median and spread.
const ROUNDS: usize = 3;

/// Number of measured starts.
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

    // Each round runs all operations, so that a slow phase of the machine affects all of them.
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
    reason = "progress of long work, apart from the table on standard output"
)]
fn eprint_progress(round: usize, operation: Operation) {
    eprintln!("round {round} of {ROUNDS}: {}", operation.name());
}
