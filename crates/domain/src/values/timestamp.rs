use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Code, ValueError};

/// A UTC instant with millisecond precision, formatted as fixed-width
/// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339): `2026-11-22T10:00:00.000Z`.
///
/// Sort keys rely on the fixed width: the text sorts like the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Earliest date of a post.
    pub const FIRST: &str = "0001-01-01T00:00:00.000Z";
    /// Last instant with a four-digit year.
    pub const LAST: &str = "9999-12-30T22:00:00.999Z";

    /// Creates an instant from milliseconds since the Unix epoch. Clamps values that are out of range.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        let nearest = if millis < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        jiff::Timestamp::from_millisecond(millis).map_or(Self(nearest), Self)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whole seconds since the Unix epoch, the unit of JWT dates and DynamoDB TTL.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// The instant `by` later.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.as_millis().saturating_add(millis))
    }

    /// The instant `by` earlier.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.as_millis().saturating_sub(millis))
    }

    /// This time, or `stored` if that is later. The time of a write to an item with the stamp `stored`:
    /// if the clock is behind that of the last writer, the stamp stays the same and does not go back.
    #[must_use]
    pub fn not_before(self, stored: Self) -> Self {
        self.max(stored)
    }

    /// Year in UTC.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.to_zoned(jiff::tz::TimeZone::UTC).year()
    }

    /// Time since an earlier instant. Zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.as_millis().saturating_sub(earlier.as_millis());
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    }

    /// Formats an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
    #[must_use]
    pub fn to_http_date(self) -> String {
        self.0.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl From<Timestamp> for String {
    fn from(value: Timestamp) -> Self {
        value.to_string()
    }
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refused = || {
            ValueError::new(
                Code::Format,
                "must be an RFC 3339 date-time such as 2026-11-22T10:00:00Z",
            )
        };
        let moment: jiff::Timestamp = text.parse().map_err(|_| refused())?;
        let rounded = Self::from_millis(moment.as_millisecond());
        // Years before 1 or after 9999 would break the fixed width of sort keys.
        if rounded.as_millis() < -62_135_596_800_000
            || rounded.to_string().len() != Self::FIRST.len()
        {
            return Err(refused());
        }
        Ok(rounded)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_become_utc_and_the_width_is_fixed() {
        let moment: Timestamp = "2022-10-07T02:00:00+02:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2022-10-07T00:00:00.000Z");
        assert_eq!(moment.to_http_date(), "Fri, 07 Oct 2022 00:00:00 GMT");
    }

    #[test]
    fn years_outside_four_digits_are_rejected() {
        for text in [
            "-000001-01-01T00:00:00Z",
            "0000-12-31T23:59:59Z",
            "yesterday",
            "",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        assert!(Timestamp::FIRST.parse::<Timestamp>().is_ok());
        assert!(Timestamp::LAST.parse::<Timestamp>().is_ok());
    }

    proptest! {
        #[test]
        fn text_sorts_like_time(a in -62_135_596_800_000_i64..253_402_207_200_000, b in -62_135_596_800_000_i64..253_402_207_200_000) {
            let (a, b) = (Timestamp::from_millis(a), Timestamp::from_millis(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(a.to_string().parse::<Timestamp>().unwrap(), a);
        }
    }
}
