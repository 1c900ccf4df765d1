use std::{fmt, str::FromStr};

use jiff::{civil, tz};
use serde::{Deserialize, Serialize};

use super::{Code, Timestamp, ValueError};

/// A scheduled time: with a UTC offset, or as local time, which requires a
/// [`TimeZone`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedTime {
    /// With an offset: `2026-12-01T09:00:00+01:00`.
    Moment(Timestamp),
    /// Local time: `2026-12-01T09:00:00`.
    Clock(civil::DateTime),
}

/// A time zone of the [IANA database](https://www.iana.org/time-zones), such as `Europe/Madrid`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// The date in the zone, such as `2026-11-22`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        at.to_zoned(self.0.clone()).date().to_string()
    }
}

impl TryFrom<String> for TimeZone {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        name.parse()
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.to_string()
    }
}

impl PlannedTime {
    /// Converts to an instant.
    ///
    /// # Errors
    /// Local time without a zone, and local times that a clock change skips or repeats.
    pub fn moment(self, zone: Option<&TimeZone>) -> Result<Timestamp, ValueError> {
        let shown = match self {
            Self::Moment(moment) => return Ok(moment),
            Self::Clock(shown) => shown,
        };
        let Some(TimeZone(zone)) = zone else {
            return Err(refused(
                "must end with Z or an offset if time_zone is missing",
            ));
        };
        match zone.to_ambiguous_timestamp(shown).unambiguous() {
            Ok(moment) => Ok(Timestamp::from_millis(moment.as_millisecond())),
            Err(_) => Err(refused(
                "does not exist, or is ambiguous, in time_zone. Add an offset.",
            )),
        }
    }
}

fn refused(detail: &str) -> ValueError {
    ValueError::new(Code::Format, detail)
}

impl FromStr for PlannedTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let moment = text.parse().map(Self::Moment);
        // Rejects a date without a time, which the parser accepts.
        let clock = || {
            text.contains(['T', 't'])
                .then(|| text.parse().ok())
                .flatten()
        };
        moment.or_else(|error| clock().map(Self::Clock).ok_or(error))
    }
}

impl FromStr for TimeZone {
    type Err = ValueError;

    fn from_str(name: &str) -> Result<Self, ValueError> {
        let zone = tz::TimeZone::get(name).ok();
        let known = zone.filter(|zone| zone.iana_name().is_some());
        known
            .map(Self)
            .ok_or_else(|| refused("must be a name of the IANA database such as Europe/Madrid"))
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(time: &str, zone: Option<&str>) -> Result<String, ValueError> {
        let zone = zone.map(|name| name.parse::<TimeZone>().unwrap());
        let time: PlannedTime = time.parse()?;
        time.moment(zone.as_ref()).map(|moment| moment.to_string())
    }

    #[test]
    fn local_times_are_resolved_in_their_time_zone() {
        let winter = planned("2026-12-01T09:00:00", Some("Europe/Madrid")).unwrap();
        assert_eq!(winter, "2026-12-01T08:00:00.000Z");
        let summer = planned("2026-07-01T09:00", Some("Europe/Madrid")).unwrap();
        assert_eq!(summer, "2026-07-01T07:00:00.000Z");
        let exact = planned("2026-12-01T09:00:00-03:00", Some("Europe/Madrid")).unwrap();
        assert_eq!(exact, "2026-12-01T12:00:00.000Z");
    }

    #[test]
    fn the_date_is_that_of_the_zone() {
        let madrid: TimeZone = "Europe/Madrid".parse().unwrap();
        let evening = "2026-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(madrid.date(evening), "2026-07-02");
    }

    #[test]
    fn ambiguous_and_invalid_times_are_rejected() {
        for (time, zone) in [
            ("2026-12-01T09:00:00", None),
            ("2026-12-01", Some("Europe/Madrid")),
            // Skipped in spring, repeated in autumn.
            ("2026-03-29T02:30:00", Some("Europe/Madrid")),
            ("2026-10-25T02:30:00", Some("Europe/Madrid")),
            ("soon", None),
            ("", None),
        ] {
            assert!(planned(time, zone).is_err(), "{time}");
        }
        for name in ["Europe/Nowhere", "", "UTC+1", "../etc/passwd"] {
            assert!(name.parse::<TimeZone>().is_err(), "{name}");
        }
    }
}
