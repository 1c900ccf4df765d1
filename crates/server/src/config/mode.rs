//! Settings with a fixed set of values, and the log filter.

use tracing_subscriber::EnvFilter;

use super::value::{SettingValue, one_of};

/// Location of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// The embedded engine with a file in the data folder.
    Embedded,
    /// The embedded engine in memory.
    Memory,
    /// AWS, or the endpoint in the variables of the AWS SDK.
    Aws,
}

impl SettingValue for Database {
    const FORM: &'static str = "`embedded`, `memory` or `aws`";

    fn parse(text: &str) -> Result<Self, String> {
        let values = [
            ("embedded", Self::Embedded),
            ("memory", Self::Memory),
            ("aws", Self::Aws),
        ];
        one_of(text, values)
    }
}

/// Format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Plain text.
    Text,
    /// One JSON object per line.
    Json,
}

impl SettingValue for LogFormat {
    const FORM: &'static str = "`text` or `json`";

    fn parse(text: &str) -> Result<Self, String> {
        one_of(text, [("text", Self::Text), ("json", Self::Json)])
    }
}

/// A filter of `tracing`, such as `info` or `warn,tintero_http=debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// Returns the filter for warnings and errors.
    pub(crate) fn warnings() -> Self {
        Self("warn".to_owned())
    }

    /// The directives.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for LogFilter {
    const FORM: &'static str = "level, or `crate=level` separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        // `EnvFilter` takes an unknown word for the name of a crate and logs everything of it.
        let is_level_or_pair = |part: &str| {
            part.contains('=')
                || part
                    .parse::<tracing_subscriber::filter::LevelFilter>()
                    .is_ok()
        };
        if !text.split(',').all(is_level_or_pair) || EnvFilter::builder().parse(text).is_err() {
            return Err(format!(
                "must be a level (error, warn, info, debug, trace, off) or crate=level, separated by commas, but is {text:?}"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_filter_is_a_list_of_levels_and_pairs() {
        for text in ["info", "off", "warn,tintero_http=debug"] {
            assert!(LogFilter::parse(text).is_ok(), "{text}");
        }
        for text in ["loud", "info,verbose", "tintero=loud"] {
            assert!(LogFilter::parse(text).is_err(), "{text}");
        }
    }
}
