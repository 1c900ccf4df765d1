//! What a person sees while the work goes on: a bar on a terminal, a line per file elsewhere.

use std::{
    io::{self, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::text::shown;

/// How far the work is. Everything goes to standard error, so that answers can be piped.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that is not shown yet, and never will be where there is no terminal.
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{msg:9} [{bar:32}] {pos}/{len} {eta}")
            .expect("the template names only what indicatif knows")
            .progress_chars("=> ");
        Self {
            bar: ProgressBar::new(0).with_style(style),
        }
    }

    /// Begins a stretch of work on so many files.
    pub(crate) fn begin(&self, work: &'static str, files: usize) {
        self.bar.reset();
        self.bar.set_length(files as u64);
        self.bar.set_message(work);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// One file is done. Where there is no bar, `line` tells what was done to it.
    pub(crate) fn step(&self, line: Option<(&str, &str)>) {
        self.bar.inc(1);
        if let Some((action, path)) = line
            && self.bar.is_hidden()
        {
            complain(&format!("{action} {}", shown(path)));
        }
    }

    /// Ends the stretch and clears the line.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Writes an answer. A reader that has gone away is no failure.
pub(crate) fn answer(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Writes what is no answer.
pub(crate) fn complain(text: &str) {
    // Nobody is left to tell when this fails.
    drop(writeln!(io::stderr().lock(), "{text}"));
}
