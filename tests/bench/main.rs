//! Measures speed and memory of the release binary, and prints a page of tables.
//!
//! Absolute figures depend on the machine, so each is given beside a lower bound of the same run: a
//! bare axum server that sends the same bytes, calls of the AWS SDK of the same shape, and the same rows
//! inserted by hand. `./scripts/bench` builds all programs and starts this one.

mod attacks;
mod beside;
mod connection;
mod figures;
mod guesses;
mod imports;
mod load;
mod memory;
mod process;
mod report;
mod requests;
mod scale;
mod site;
mod speed;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use self::{
    process::{Cache, Process},
    report::Report,
    site::Site,
};

/// Measures speed and memory of the release binary
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    programs: Programs,
    /// Number of posts of the site
    #[arg(long, default_value_t = 10_000)]
    posts: usize,
    /// Number of writes of a measurement
    #[arg(long, default_value_t = 1_000)]
    writes: usize,
    /// Parts of the benchmark; default: all
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Numbers of posts of the part `scale`
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    sizes: Vec<usize>,
    /// Passed by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// The programs that this one compares with.
#[derive(Debug, clap::Args)]
struct Programs {
    /// The server of stored answers
    #[arg(long, value_name = "PROGRAM")]
    bare: PathBuf,
    /// The program that calls the SDK and inserts rows by hand
    #[arg(long, value_name = "PROGRAM")]
    calls: PathBuf,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Requests,
    Memory,
    Beside,
    Import,
    Scale,
    Attacks,
    Guesses,
}

// One thread: the other core is for the server.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let args = Args::parse();
    let wanted = |part| args.only.is_empty() || args.only.contains(&part);
    let mut report = Report::default();
    if [Part::Requests, Part::Memory, Part::Beside]
        .into_iter()
        .any(wanted)
    {
        let folder = tempfile::tempdir()?;
        let data = folder.path();
        let (server, _) = Process::tintero(data, Cache::On).await?;
        let mut site = Site::sign_in(&server, 0).await?;
        report::progress(&format!("a site of {} posts", args.posts));
        let posts = site.published(args.posts, |_| ()).await?;
        server.stop()?;
        if wanted(Part::Memory) {
            memory::measure(data, &posts, &mut report).await?;
        }
        if wanted(Part::Requests) {
            speed::measure(data, &posts, args.writes, &args.programs, &mut report).await?;
        }
        if wanted(Part::Beside) {
            beside::measure(data, &posts, &mut report).await?;
        }
    }
    if wanted(Part::Import) {
        imports::measure(&mut report).await?;
    }
    if wanted(Part::Scale) {
        scale::measure(&args.sizes, &mut report).await?;
    }
    if wanted(Part::Attacks) {
        attacks::measure(&mut report).await?;
    }
    if wanted(Part::Guesses) {
        guesses::measure(&mut report).await?;
    }
    report.print();
    Ok(())
}
