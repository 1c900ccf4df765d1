//! Runs the same requests on the embedded engine, on the engine of earlier versions and on DynamoDB Local, and
//! compares their answers. See `./scripts/test-differential`.

mod allowed;
mod answer;
mod cases;
mod compare;
mod referee;
mod request;
mod sides;
mod takeover;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::allowed::Allowed;
use crate::referee::Referee;
use crate::sides::{HttpSide, Ours, Side, dynoxide};

/// Compares the answers of the embedded engine with those of other engines.
#[derive(Debug, Parser)]
struct Arguments {
    /// The example `json_lines` of the crate tintero-embedded.
    #[arg(long)]
    ours: PathBuf,
    /// Keep our database in this new file instead of in memory.
    #[arg(long)]
    file: Option<PathBuf>,
    /// Compare with DynamoDB Local at this endpoint.
    #[arg(long)]
    dynamodb_local: Option<String>,
    /// Do not compare with dynoxide.
    #[arg(long)]
    without_dynoxide: bool,
    /// Instead, let our engine take over a file that dynoxide has filled, and compare what both read.
    #[arg(long)]
    takeover: bool,
    /// The table of known differences.
    #[arg(long)]
    differences: PathBuf,
    /// Number of random cases.
    #[arg(long, default_value_t = 150)]
    cases: u64,
    /// Seed of the first random case; the others follow.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Most different failures to report.
    #[arg(long, default_value_t = 40)]
    reports: usize,
    /// Only run cases whose name contains this text.
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let allowed = Allowed::read(&arguments.differences)?;
    let seeds = arguments.seed..arguments.seed + arguments.cases;
    if arguments.takeover {
        return takeover::run(&arguments.ours, &allowed, seeds);
    }
    let mut others: Vec<Box<dyn Side>> = Vec::new();
    if let Some(endpoint) = arguments.dynamodb_local {
        others.push(Box::new(HttpSide::new("dynamodb-local", endpoint)));
    }
    if !arguments.without_dynoxide {
        others.push(Box::new(dynoxide::start()?));
    }
    let ours = Ours::start(&arguments.ours, arguments.file.as_deref())?;
    let mut referee = Referee::new(Box::new(ours), others, &allowed, arguments.reports);
    let all = cases::fixed().into_iter().chain(seeds.map(cases::random));
    for case in all.filter(|case| case.name.contains(&arguments.only)) {
        referee.run(&case)?;
    }
    let is_whole = arguments.only.is_empty() && arguments.seed == 0;
    Ok(referee.verdict(is_whole))
}
