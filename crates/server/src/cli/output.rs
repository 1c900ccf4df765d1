//! Everything that commands write: answers to standard output, complaints to standard error.

use std::io::{self, Write};

use crate::Failure;

/// Writes an answer, and a line break where it has none. A reader that has gone away is no failure.
pub(super) fn answer(text: &str) -> Result<(), Failure> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mut out = io::stdout().lock();
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Failed(
            anyhow::Error::new(error).context("standard output cannot be written"),
        )),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says what a person wants to know beside the answer.
pub(super) fn remark(text: &str) {
    // The answer matters, and it follows.
    drop(writeln!(io::stderr().lock(), "tintero: {text}"));
}

/// Says why a command did not succeed.
pub(super) fn complain(failure: &Failure) {
    // Nobody is left to tell when this fails.
    drop(writeln!(io::stderr().lock(), "tintero: {failure}"));
}
