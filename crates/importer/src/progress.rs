//! The progress display: a bar on a terminal, one line per file elsewhere.

use std::{
    io::{self, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::text::escape_control;

/// Shows progress on standard error, so that standard output can be piped.
#[derive(Debug)]
pub(crate) struct ProgressDisplay {
    bar: ProgressBar,
}

impl ProgressDisplay {
    /// Creates a bar that appears with [`Self::begin`] if there is a terminal.
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{msg:9} [{bar:32}] {pos}/{len} {eta}")
            .expect("the template uses only keys of indicatif")
            .progress_chars("=> ");
        Self {
            bar: ProgressBar::new(0).with_style(style),
        }
    }

    pub(crate) fn begin(&self, phase: &'static str, files: usize) {
        self.bar.reset();
        self.bar.set_length(files as u64);
        self.bar.set_message(phase);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// Advances by one file.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// Advances by one file. Without a bar, prints the action and the path.
    pub(crate) fn report(&self, action: &str, path: &str) {
        self.advance();
        if self.bar.is_hidden() {
            print_error(&format!("{action} {}", escape_control(path)));
        }
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Prints to standard output. Ignores errors: the reader of a pipe may have closed it.
pub(crate) fn print_output(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Prints to standard error. Ignores errors: there is no other place to report them.
pub(crate) fn print_error(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}
