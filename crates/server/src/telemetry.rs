//! Log lines, on standard error.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, FilterFn, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::config::{LogFilter, LogFormat};

/// Crates that write requests, answers or items into their debug events.
const TALKATIVE: [&str; 6] = ["aws_", "h2", "hyper", "reqwest", "rustls", "dynoxide"];

/// Sends the log of this process to standard error. Without a `format`, a terminal gets text
/// and everything else JSON.
pub fn start(filter: &LogFilter, format: Option<LogFormat>) {
    let terminal = io::stderr().is_terminal();
    let usual = if terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    let wanted = EnvFilter::builder()
        .parse_lossy(filter.as_str())
        .and(discreet());
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
            .with(lines.with_filter(wanted))
            .try_init(),
    );
}

/// Whatever the filter says, bodies, tokens and e-mail addresses stay out of the log.
fn discreet() -> FilterFn {
    filter_fn(|event: &Metadata<'_>| {
        *event.level() <= Level::INFO
            || !TALKATIVE
                .iter()
                .any(|name| event.target().starts_with(name))
    })
}
