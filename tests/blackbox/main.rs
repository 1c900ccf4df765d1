//! The black box: the real binary behind a real port, known by `openapi.yaml` and its process
//! interface alone.
//!
//! Not libtest but a harness of the same looks, because after the last case one more looks back:
//! an operation that nobody called fails the run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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
