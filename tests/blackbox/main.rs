//! Black-box tests: they run the binary on a real port and know only `openapi.yaml` and the
//! command line.
//!
//! The harness is libtest-mimic instead of libtest, because a check after the last case fails the
//! run if an operation was never called.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod cases;
mod costs;
mod harness;

use std::process::ExitCode;

use harness::{contract, coverage, shared};
use libtest_mimic::{Arguments, Trial, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let is_whole = arguments.filter.is_none() && arguments.skip.is_empty() && !arguments.list;
    let cases = run(&arguments, cases::all());
    shared::stop();
    if cases.has_failed() || !is_whole {
        return cases.exit_code();
    }
    run(
        &arguments,
        vec![Trial::test("every_operation_was_called", every_operation)],
    )
    .exit_code()
}

fn every_operation() -> Result<(), libtest_mimic::Failed> {
    let missing = coverage::missing();
    if missing.is_empty() {
        return Ok(());
    }
    let all = contract::operations().len();
    Err(format!(
        "of {all} operations these were never called: {}",
        missing.join(", ")
    )
    .into())
}
