//! Runs cases on all sides and reports unknown differences.

use std::collections::HashSet;
use std::process::ExitCode;

use anyhow::Result;

use crate::allowed::Allowed;
use crate::answer::Answer;
use crate::compare::{Difference, differences};
use crate::request::{Case, Request};
use crate::sides::{Side, answer};

/// Most bytes of a case that is repeated to find a shorter one.
const MOST_REPEATED: usize = 1_000_000;

/// Most characters of a request or a value in a report.
const MOST_SHOWN: usize = 2_000;

pub(crate) struct Referee<'a> {
    ours: Box<dyn Side>,
    others: Vec<Box<dyn Side>>,
    allowed: &'a Allowed,
    /// Most different failures to report.
    reports: usize,
    /// Number of runs. Each has tables of its own.
    runs: u32,
    requests: usize,
    known: usize,
    cases: usize,
    failed: usize,
    /// Side, operation and first difference of each report.
    reported: HashSet<(&'static str, &'static str, Difference)>,
}

/// The first unknown differences of a case.
struct Failure {
    /// Position of the request.
    at: usize,
    unknown: Vec<Difference>,
}

impl<'a> Referee<'a> {
    pub(crate) fn new(
        ours: Box<dyn Side>,
        others: Vec<Box<dyn Side>>,
        allowed: &'a Allowed,
        reports: usize,
    ) -> Self {
        Self {
            ours,
            others,
            allowed,
            reports,
            runs: 0,
            requests: 0,
            known: 0,
            cases: 0,
            failed: 0,
            reported: HashSet::new(),
        }
    }

    /// Compares all sides on one case.
    pub(crate) fn run(&mut self, case: &Case) -> Result<()> {
        self.cases += 1;
        let mut is_failed = false;
        for other in 0..self.others.len() {
            if let Some(failure) = self.compare(case, other)? {
                is_failed = true;
                let topic = (
                    self.others[other].name(),
                    case.requests[failure.at].operation,
                    failure.unknown[0].clone(),
                );
                if self.reported.len() < self.reports && self.reported.insert(topic) {
                    self.report(case, other, failure)?;
                }
            }
        }
        self.failed += usize::from(is_failed);
        Ok(())
    }

    /// Runs a case on our side and on another one until their data may differ.
    fn compare(&mut self, case: &Case, other: usize) -> Result<Option<Failure>> {
        self.runs += 1;
        for (at, request) in case.requests.iter().enumerate() {
            let other = &mut *self.others[other];
            let ours: Answer = answer(&mut *self.ours, request, self.runs)?;
            let theirs = answer(other, request, self.runs)?;
            self.requests += 1;
            let found = differences(&ours, &theirs);
            let (known, unknown): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| {
                self.allowed
                    .contains(other.name(), request.operation, found)
            });
            self.known += known.len();
            if !unknown.is_empty() {
                return Ok(Some(Failure { at, unknown }));
            }
            if known.iter().any(Difference::is_of_status) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Removes every request without which the same difference occurs, and prints the rest.
    fn report(&mut self, case: &Case, other: usize, failure: Failure) -> Result<()> {
        let first = failure.unknown[0].clone();
        let mut shortest = case.clone();
        shortest.requests.truncate(failure.at + 1);
        let mut last = failure;
        let bytes: usize = shortest
            .requests
            .iter()
            .map(|request| request.body.len())
            .sum();
        let first_removed = if bytes > MOST_REPEATED {
            0
        } else {
            shortest.requests.len() - 1
        };
        for at in (0..first_removed).rev() {
            let mut shorter = shortest.clone();
            if shorter.requests.remove(at).operation == "CreateTable" {
                continue;
            }
            if let Some(failure) = self.compare(&shorter, other)?
                && failure.at + 1 == shorter.requests.len()
                && failure.unknown[0] == first
            {
                (shortest, last) = (shorter, failure);
            }
        }
        // The creation of the tables is the same in each report.
        println!("\n{} differs on {}:", case.name, self.others[other].name());
        let setup = |request: &&Request| request.operation != "CreateTable";
        for request in shortest.requests.iter().filter(setup) {
            println!("  {} {}", request.operation, shown(&request.body));
        }
        for difference in &last.unknown {
            println!("    {}", shown(&difference.to_string()));
        }
        Ok(())
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed > 0
    }

    /// Prints the totals. `is_whole` says that every known difference must have occurred.
    pub(crate) fn verdict(&self, is_whole: bool) -> ExitCode {
        let names: Vec<_> = self.others.iter().map(|side| side.name()).collect();
        println!(
            "\n{} cases with {} compared answers ({}): {} cases with unknown differences, {} known differences",
            self.cases,
            self.requests,
            names.join(", "),
            self.failed,
            self.known
        );
        let unused = if is_whole {
            self.allowed.unused(&names)
        } else {
            Vec::new()
        };
        for reason in &unused {
            println!("A known difference did not occur. Remove it from the table: {reason}");
        }
        if self.failed == 0 && unused.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
