//! Log lines, on standard error.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::{Filter, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::config::{LogFilter, LogFormat};

/// The targets of our own events: the crates of this workspace, and the access lines.
fn is_ours(target: &str) -> bool {
    target.starts_with("tintero") || target == "http"
}

/// Below `info` libraries write requests, items and texts into their events, so only we are heard;
/// and the parser of HTML warns of every odd tag that an author ever wrote, so it never is.
fn is_heard(level: Level, target: &str) -> bool {
    is_ours(target) || (level <= Level::INFO && !target.starts_with("html5ever"))
}

/// Sends the log of this process to standard error. Without a `format`, a terminal gets text
/// and everything else JSON.
pub fn start(filter: &LogFilter, format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let usual = if terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match format.unwrap_or(usual) {
        LogFormat::Text => lines.with_ansi(terminal).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    };
    // A second start in one process keeps the first log.
    drop(
        tracing_subscriber::registry()
            .with(lines.with_filter(wanted(filter)))
            .try_init(),
    );
}

/// What the filter says, except that bodies, tokens and e-mail addresses stay out of the log.
fn wanted<S>(filter: &LogFilter) -> impl Filter<S> + use<S> {
    let discreet = filter_fn(|event: &Metadata<'_>| is_heard(*event.level(), event.target()));
    EnvFilter::builder()
        .parse_lossy(filter.as_str())
        .and(discreet)
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use super::*;
    use crate::config::Value;

    #[test]
    fn libraries_stay_discreet_whatever_the_filter_says() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let lines = fmt::layer().with_writer(Arc::new(file.reopen().unwrap()));
        let filter = LogFilter::parse("trace,html5ever=trace").unwrap();
        let log = tracing_subscriber::registry().with(lines.with_filter(wanted(&filter)));
        tracing::subscriber::with_default(log, || {
            tracing::debug!(target: "html5ever::tokenizer", "a body");
            tracing::info!(target: "hyper", "a connection");
            tracing::debug!("ours");
        });
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(
            text.contains("ours") && text.contains("a connection") && !text.contains("a body"),
            "{text}"
        );
    }
}
