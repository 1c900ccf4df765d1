//! How the text of a setting becomes a value.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use tintero_domain::values::{Email, Locale, Password};

/// A type that a setting may have.
pub(crate) trait Value: Sized {
    /// What a value looks like, for the documentation.
    const FORM: &'static str;
    /// Whether values must never be shown.
    const SECRET: bool = false;

    /// Reads a value; the error is the end of a sentence that starts with the setting's name,
    /// and never repeats a secret.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value when the setting is absent and has no default text.
    fn absent() -> Option<Self> {
        None
    }
}

impl<V: Value> Value for Option<V> {
    const FORM: &'static str = V::FORM;
    const SECRET: bool = V::SECRET;

    fn parse(text: &str) -> Result<Self, String> {
        V::parse(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Reads a list separated by commas; blanks around elements and empty elements do not count.
pub(super) fn list<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(parse)
        .collect()
}

impl Value for SocketAddr {
    const FORM: &'static str = "IP address and port";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            format!("must be an IP address and a port such as 127.0.0.1:8080, and is {text:?}")
        })
    }
}

impl Value for PathBuf {
    const FORM: &'static str = "path";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl Value for bool {
    const FORM: &'static str = "`true` or `false`";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("must be true or false, and is {text:?}"))
    }
}

impl Value for Duration {
    const FORM: &'static str = "time with unit, `1ms` to `24h`";

    fn parse(text: &str) -> Result<Self, String> {
        const LIMITS: std::ops::RangeInclusive<Duration> =
            Duration::from_millis(1)..=Duration::from_hours(24);
        text.parse::<SignedDuration>()
            .ok()
            .and_then(|time| Self::try_from(time).ok())
            .filter(|time| LIMITS.contains(time))
            .ok_or_else(|| {
                format!("must be a time from 1ms to 24h, such as 30s or 5m, and is {text:?}")
            })
    }
}

impl Value for NonZeroUsize {
    const FORM: &'static str = "number, 1 to 1000000";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|number: &Self| number.get() <= 1_000_000)
            .ok_or_else(|| format!("must be a whole number from 1 to 1000000, and is {text:?}"))
    }
}

impl Value for Email {
    const FORM: &'static str = "e-mail address";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{error}"))
    }
}

impl Value for Locale {
    const FORM: &'static str = "BCP 47 language tag";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{error}"))
    }
}

impl Value for Password {
    const FORM: &'static str = "at least 12 characters";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        Self::chosen(text.to_owned()).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_limits() {
        assert_eq!(Duration::parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(Duration::parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(Duration::parse("1h 30m"), Ok(Duration::from_mins(90)));
        for text in ["30", "0s", "-1s", "25h", "soon"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_refused_password_is_not_repeated() {
        assert!(!Password::parse("hunter2").unwrap_err().contains("hunter2"));
    }

    #[test]
    fn lists_forgive_blanks_and_trailing_commas() {
        assert_eq!(list("1, 2,,3 ,", usize_of), Ok(vec![1, 2, 3]));
        assert!(list("1,x", usize_of).is_err());
    }

    fn usize_of(text: &str) -> Result<usize, String> {
        NonZeroUsize::parse(text).map(NonZeroUsize::get)
    }
}
