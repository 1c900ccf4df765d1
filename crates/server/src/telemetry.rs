//! Logging to standard error.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::{Filter, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::config::{LogFilter, LogFormat};

/// Whether an event is from a crate of this workspace or an access log line.
fn is_own_target(target: &str) -> bool {
    target.starts_with("tintero") || target == "http"
}

/// Drops events of libraries below `info`, which contain requests and items, and all events of the HTML
/// parser, which warns of every invalid tag.
fn is_logged(level: Level, target: &str) -> bool {
    is_own_target(target) || (level <= Level::INFO && !target.starts_with("html5ever"))
}

/// Starts the log of a server on standard error. Without `format`, logs text on a terminal and JSON
/// otherwise.
pub fn start_server(filter: &LogFilter, format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let default = if terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let lines = fmt::layer().with_writer(io::stderr);
    start(
        filter,
        match format.unwrap_or(default) {
            LogFormat::Text => lines.with_ansi(terminal).boxed(),
            LogFormat::Json => json(),
        },
    );
}

/// Starts the log of a command on standard error. A person reads it, so it is text without times unless
/// `format` is JSON.
pub fn start_command(filter: &LogFilter, format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(io::stderr);
    start(
        filter,
        match format {
            Some(LogFormat::Json) => json(),
            Some(LogFormat::Text) | None => lines
                .without_time()
                .with_target(false)
                .with_ansi(terminal)
                .boxed(),
        },
    );
}

type Lines = Box<dyn Layer<Registry> + Send + Sync>;

fn json() -> Lines {
    fmt::layer()
        .with_writer(io::stderr)
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .boxed()
}

fn start(filter: &LogFilter, lines: Lines) {
    // A second call keeps the first subscriber.
    drop(
        tracing_subscriber::registry()
            .with(lines.with_filter(safe_filter(filter)))
            .try_init(),
    );
}

/// Combines the configured filter with the rule that bodies, tokens and e-mail addresses are never logged.
fn safe_filter<S>(filter: &LogFilter) -> impl Filter<S> + use<S> {
    let is_safe = filter_fn(|event: &Metadata<'_>| is_logged(*event.level(), event.target()));
    EnvFilter::builder()
        .parse_lossy(filter.as_str())
        .and(is_safe)
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use super::*;
    use crate::config::SettingValue;

    #[test]
    fn library_events_below_info_are_never_logged() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let lines = fmt::layer().with_writer(Arc::new(file.reopen().unwrap()));
        let filter = LogFilter::parse("trace,html5ever=trace").unwrap();
        let log = tracing_subscriber::registry().with(lines.with_filter(safe_filter(&filter)));
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
