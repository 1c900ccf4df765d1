//! Lets our engine take over files of dynoxide.

use std::env;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{self, ExitCode};

use ::dynoxide::Database;
use anyhow::{Result, anyhow};

use crate::allowed::Allowed;
use crate::cases;
use crate::referee::Referee;
use crate::sides::{Ours, answer, dynoxide};

/// Fills a database of dynoxide with the cases of `seeds`, gives a copy of it to our engine, and compares all
/// tables and further requests.
pub(crate) fn run(program: &Path, allowed: &Allowed, seeds: Range<u64>) -> Result<ExitCode> {
    let folder = env::temp_dir().join(format!("takeover-{}", process::id()));
    fs::create_dir(&folder)?;
    let verdict = run_in(&folder, program, allowed, seeds);
    fs::remove_dir_all(&folder)?;
    verdict
}

fn run_in(folder: &Path, program: &Path, allowed: &Allowed, seeds: Range<u64>) -> Result<ExitCode> {
    let (original, copy) = (folder.join("original.db"), folder.join("copy.db"));
    let database = Database::new(utf8(&original)?)?;
    let mut theirs = dynoxide::serve(database.clone())?;
    // The referee gives the same numbers to the runs of its cases.
    for (run, seed) in (1..).zip(seeds.clone()) {
        for request in &cases::random(seed).requests {
            answer(&mut theirs, request, run)?;
        }
    }
    database.vacuum_into(utf8(&copy)?)?;
    let ours = Ours::start(program, Some(&copy))?;
    let mut referee = Referee::new(Box::new(ours), vec![Box::new(theirs)], allowed, 1);
    for seed in seeds {
        referee.run(&cases::taken_over(seed))?;
        if referee.has_failed() {
            break;
        }
    }
    Ok(referee.verdict(false))
}

fn utf8(path: &Path) -> Result<&str> {
    path.to_str()
        .ok_or_else(|| anyhow!("the temporary folder is no UTF-8"))
}
