//! Parses the text of settings.

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use jiff::SignedDuration;
use tintero_domain::values::{Email, Locale, Password};

/// A type of settings.
pub(crate) trait SettingValue: Sized {
    /// Form of a value, for the documentation.
    const FORM: &'static str;
    /// Whether values are never shown.
    const SECRET: bool = false;

    /// Whether the text of a value is itself a secret.
    fn holds_secret(_text: &str) -> bool {
        Self::SECRET
    }

    /// Parses a value. The error is the end of a sentence that starts with the name of the setting, and
    /// never contains a secret.
    fn parse(text: &str) -> Result<Self, String>;

    /// Returns the value of a setting without text.
    fn absent() -> Option<Self> {
        None
    }
}

impl<V: SettingValue> SettingValue for Option<V> {
    const FORM: &'static str = V::FORM;
    const SECRET: bool = V::SECRET;

    fn holds_secret(text: &str) -> bool {
        V::holds_secret(text)
    }

    fn parse(text: &str) -> Result<Self, String> {
        V::parse(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Parses a list separated by commas. Ignores empty elements and spaces around elements.
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

/// Returns the value with the name `text`.
pub(super) fn one_of<T, const N: usize>(text: &str, values: [(&str, T); N]) -> Result<T, String> {
    let names = values.each_ref().map(|(name, _)| *name).join(", ");
    let found = values.into_iter().find(|(name, _)| *name == text);
    found
        .map(|(_, value)| value)
        .ok_or_else(|| format!("must be one of {names}, but is {text:?}"))
}

impl SettingValue for SocketAddr {
    const FORM: &'static str = "IP address and port";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            format!("must be an IP address and port such as 127.0.0.1:8080, but is {text:?}")
        })
    }
}

impl SettingValue for PathBuf {
    const FORM: &'static str = "path";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl SettingValue for bool {
    const FORM: &'static str = "`true` or `false`";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("must be true or false, but is {text:?}"))
    }
}

impl SettingValue for Duration {
    const FORM: &'static str = "duration, `1ms` to `24h`";

    fn parse(text: &str) -> Result<Self, String> {
        const LIMITS: std::ops::RangeInclusive<Duration> =
            Duration::from_millis(1)..=Duration::from_hours(24);
        text.parse::<SignedDuration>()
            .ok()
            .and_then(|time| Self::try_from(time).ok())
            .filter(|time| LIMITS.contains(time))
            .ok_or_else(|| {
                format!("must be a duration from 1ms to 24h, such as 30s or 5m, but is {text:?}")
            })
    }
}

/// A number of requests in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestQuota(u32);

impl RequestQuota {
    /// The number; `None` if requests are not limited.
    #[must_use]
    pub fn get(self) -> Option<NonZeroU32> {
        NonZeroU32::new(self.0)
    }
}

impl SettingValue for RequestQuota {
    const FORM: &'static str = "requests in a minute, 0 to 10000000";

    fn parse(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| *number <= 10_000_000);
        number
            .map(Self)
            .ok_or_else(|| format!("must be an integer from 0 to 10000000, but is {text:?}"))
    }
}

impl SettingValue for NonZeroUsize {
    const FORM: &'static str = "number, 1 to 1000000";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|number: &Self| number.get() <= 1_000_000)
            .ok_or_else(|| format!("must be an integer from 1 to 1000000, but is {text:?}"))
    }
}

/// A limit in bytes, at most 1 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteLimit(usize);

impl ByteLimit {
    const MAX: usize = 1 << 30;

    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl SettingValue for ByteLimit {
    const FORM: &'static str = "bytes, 1 to 1073741824";

    fn parse(text: &str) -> Result<Self, String> {
        let bytes = text.parse().ok();
        bytes
            .filter(|bytes| (1..=Self::MAX).contains(bytes))
            .map(Self)
            .ok_or_else(|| {
                format!("must be a number of bytes from 1 to 1073741824, but is {text:?}")
            })
    }
}

/// A number of pixels, at most a billion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelLimit(u64);

impl PixelLimit {
    const MAX: u64 = 1_000_000_000;

    /// The number of pixels.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl SettingValue for PixelLimit {
    const FORM: &'static str = "pixels, 1 to 1000000000";

    fn parse(text: &str) -> Result<Self, String> {
        let pixels = text.parse().ok();
        pixels
            .filter(|pixels| (1..=Self::MAX).contains(pixels))
            .map(Self)
            .ok_or_else(|| {
                format!("must be a number of pixels from 1 to 1000000000, but is {text:?}")
            })
    }
}

/// The size of a cache in bytes, at most 16 GiB. 0 switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheBytes(usize);

impl CacheBytes {
    const MAX: usize = 1 << 34;

    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl SettingValue for CacheBytes {
    const FORM: &'static str = "bytes, 0 to 17179869184";

    fn parse(text: &str) -> Result<Self, String> {
        let bytes = text.parse().ok();
        bytes
            .filter(|bytes| *bytes <= Self::MAX)
            .map(Self)
            .ok_or_else(|| {
                format!("must be a number of bytes from 0 to 17179869184, but is {text:?}")
            })
    }
}

impl SettingValue for Email {
    const FORM: &'static str = "e-mail address";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{error}"))
    }
}

impl SettingValue for Locale {
    const FORM: &'static str = "BCP 47 language tag";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{error}"))
    }
}

impl SettingValue for Password {
    const FORM: &'static str = "at least 12 characters";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        Self::chosen(text).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_limits() {
        assert_eq!(Duration::parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(Duration::parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(Duration::parse("1h 30m"), Ok(Duration::from_mins(90)));
        for text in ["30", "0s", "-1s", "25h", "soon"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_byte_limit_is_between_1_and_1_gib() {
        assert_eq!(ByteLimit::parse("1073741824").unwrap().get(), 1 << 30);
        for text in ["0", "1073741825", "-1", "1MiB"] {
            assert!(ByteLimit::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_error_of_an_invalid_password_does_not_contain_it() {
        assert!(!Password::parse("hunter2").unwrap_err().contains("hunter2"));
    }

    #[test]
    fn lists_ignore_spaces_and_trailing_commas() {
        assert_eq!(list("1, 2,,3 ,", usize_of), Ok(vec![1, 2, 3]));
        assert!(list("1,x", usize_of).is_err());
    }

    fn usize_of(text: &str) -> Result<usize, String> {
        NonZeroUsize::parse(text).map(NonZeroUsize::get)
    }
}
