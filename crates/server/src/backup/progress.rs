use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How far the work is, in bytes: a bar on a terminal, and nothing elsewhere.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins a stretch of work on so many bytes; it ends when this is dropped.
    pub(super) fn new(work: &'static str, bytes: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:9} [{bar:32}] {bytes}/{total_bytes} {eta}")
            .expect("the template names only what indicatif knows")
            .progress_chars("=> ");
        let bar = ProgressBar::new(bytes).with_style(style).with_message(work);
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
