//! Settings that choose between a few ways.

use tracing_subscriber::EnvFilter;

use super::value::Value;

/// Where DynamoDB is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// The engine in this process, with its file in the data folder.
    Embedded,
    /// The engine in this process, forgetting everything at its end.
    Memory,
    /// AWS, or whatever endpoint the SDK's own variables name.
    Aws,
}

impl Value for Database {
    const FORM: &'static str = "`embedded`, `memory` or `aws`";

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "embedded" => Ok(Self::Embedded),
            "memory" => Ok(Self::Memory),
            "aws" => Ok(Self::Aws),
            other => Err(format!("must be embedded, memory or aws, and is {other:?}")),
        }
    }
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line, for machines.
    Json,
}

impl Value for LogFormat {
    const FORM: &'static str = "`text` or `json`";

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("must be text or json, and is {other:?}")),
        }
    }
}

/// Which events are logged, in the notation of `tracing`: `info`, `warn,tintero_http=debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The directives, separated by commas.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for LogFilter {
    const FORM: &'static str = "level, or `crate=level` separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        // A lone unknown word would be taken for the name of a crate, and everything be logged.
        let level_or_pair = |part: &str| {
            part.contains('=')
                || part
                    .parse::<tracing_subscriber::filter::LevelFilter>()
                    .is_ok()
        };
        if !text.split(',').all(level_or_pair) || EnvFilter::builder().parse(text).is_err() {
            return Err(format!(
                "must be a level (error, warn, info, debug, trace, off) or crate=level, separated by commas, and is {text:?}"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_filters_are_levels_and_pairs() {
        for text in ["info", "off", "warn,tintero_http=debug"] {
            assert!(LogFilter::parse(text).is_ok(), "{text}");
        }
        for text in ["loud", "info,verbose", "tintero=loud"] {
            assert!(LogFilter::parse(text).is_err(), "{text}");
        }
    }
}
