//! Times of days.

use std::time::Duration;

use super::value::SettingValue;

/// A time from one minute to two years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongTime(Duration);

impl LongTime {
    const LEAST: Duration = Duration::from_mins(1);
    const MOST: Duration = Duration::from_hours(2 * 366 * 24);

    /// The time.
    #[must_use]
    pub fn get(self) -> Duration {
        self.0
    }
}

impl SettingValue for LongTime {
    const FORM: &'static str = "time, `1m` to `732d`";

    fn parse(text: &str) -> Result<Self, String> {
        let unit = |suffix: char, minutes: u64| {
            let number: u64 = text.strip_suffix(suffix)?.parse().ok()?;
            number.checked_mul(minutes * 60).map(Duration::from_secs)
        };
        unit('m', 1)
            .or_else(|| unit('h', 60))
            .or_else(|| unit('d', 24 * 60))
            .filter(|time| (Self::LEAST..=Self::MOST).contains(time))
            .map(Self)
            .ok_or_else(|| {
                format!("must be a time from 1m to 732d, such as 45m, 12h or 30d, but is {text:?}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit_and_limits() {
        let minutes = |text| LongTime::parse(text).map(|time| time.get().as_secs() / 60);
        assert_eq!(minutes("1m"), Ok(1));
        assert_eq!(minutes("12h"), Ok(720));
        assert_eq!(minutes("732d"), Ok(732 * 24 * 60));
        for text in [
            "",
            "0m",
            "733d",
            "30",
            "30s",
            "-1d",
            "1.5h",
            "99999999999999999999d",
            "307445734561825861m",
        ] {
            assert!(LongTime::parse(text).is_err(), "{text}");
        }
    }
}
