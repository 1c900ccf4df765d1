//! Parses the `date` of front matter.

mod parse;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// The date of a post. Without a time of day it is midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostDate {
    /// The instant.
    pub at: Timestamp,
}

impl PostDate {
    /// Returns the date in the time zone of the site, which Jekyll uses in URLs.
    #[must_use]
    pub fn local(&self, site: &TimeZone) -> Zoned {
        self.at.to_zoned(site.clone())
    }
}

/// The error for a text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{written}` is not a date; write it as 2018-02-06, 2018-02-06 16:00:00 or 2018-02-06T16:00:00Z"
)]
pub struct InvalidDate {
    /// The text.
    pub written: String,
}

/// A parsed date without a time zone.
struct CivilDate {
    civil: DateTime,
    offset: Option<Offset>,
}

/// Parses a date with or without time, offset and leading zeros, in ISO 8601 or with an English
/// month. Without an offset it is in the time zone of the site. RFC 5545 resolves times that a clock
/// change skips or repeats.
///
/// # Errors
/// Fails for any other text, and for days that are not in the calendar.
pub fn read(text: &str, site: &TimeZone) -> Result<PostDate, InvalidDate> {
    let error = || InvalidDate {
        written: text.to_owned(),
    };
    let CivilDate { civil, offset } = parse::written(text).ok_or_else(error)?;
    let at = match offset {
        Some(offset) => offset.to_timestamp(civil),
        None => site.to_ambiguous_timestamp(civil).compatible(),
    };
    let at = at.map_err(|_| error())?;
    Ok(PostDate { at })
}

/// Returns midnight of a day, for a date in a file name.
///
/// # Errors
/// Fails for days at the limits of the calendar.
pub fn midnight(day: Date, site: &TimeZone) -> Result<PostDate, InvalidDate> {
    read(&day.to_string(), site)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn madrid() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn at(text: &str) -> String {
        read(text, &madrid()).unwrap().at.to_string()
    }

    #[test]
    fn dates_without_an_offset_use_the_time_zone_of_the_site() {
        assert_eq!(at("2018-02-06"), "2018-02-05T23:00:00Z");
        assert_eq!(at("2018-2-6 16:00:00"), "2018-02-06T15:00:00Z");
        assert_eq!(at("2018-07-06T16:00"), "2018-07-06T14:00:00Z");
        assert_eq!(at(" 2018/07/06 9:05 "), "2018-07-06T07:05:00Z");
    }

    #[test]
    fn an_offset_overrides_the_time_zone() {
        for text in [
            "2018-02-06 16:00:00 +0500",
            "2018-02-06T16:00:00+05:00",
            "2018-02-06 16:00 +5",
            "2018-02-06T11:00:00Z",
            "2018-02-06 11:00:00 UTC",
            "2018-02-06 06:00:00 EST",
        ] {
            assert_eq!(at(text), "2018-02-06T11:00:00Z", "{text}");
        }
        assert_eq!(at("2022-10-26T14:04:28.777Z"), "2022-10-26T14:04:28.777Z");
    }

    #[test]
    fn a_day_can_have_an_offset_and_a_time_a_repeated_year() {
        assert_eq!(at("2018-02-06 +0800"), "2018-02-05T16:00:00Z");
        assert_eq!(at("2018-02-06 18:30:22 2018 -0800"), "2018-02-07T02:30:22Z");
        assert_eq!(at("2018-02-06 18:30:22 2018"), "2018-02-06T17:30:22Z");
    }

    #[test]
    fn english_months_and_12_hour_times_are_parsed() {
        assert_eq!(at("February 6, 2018 4:00 PM"), "2018-02-06T15:00:00Z");
        assert_eq!(at("6 Feb 2018"), "2018-02-05T23:00:00Z");
        assert_eq!(
            at("Tue, 06 Feb 2018 16:00:00 +0000"),
            "2018-02-06T16:00:00Z"
        );
        assert_eq!(at("2018-02-06 12:30 am UTC"), "2018-02-06T00:30:00Z");
    }

    #[test]
    fn skipped_hours_move_forward() {
        assert_eq!(at("2018-03-25 02:30"), "2018-03-25T01:30:00Z");
    }

    #[test]
    fn other_texts_are_invalid_dates() {
        for text in [
            "",
            "soon",
            "2018",
            "2018-13-01",
            "2018-02-31",
            "2018-02-06 25:00",
            "2018-02-06 x",
            "2018-02-06 10:00 +99",
            "-1-2-3",
        ] {
            assert!(read(text, &TimeZone::UTC).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[0-9TZ:+/ .a-zé-]{0,40}") {
            let _ = read(&text, &TimeZone::UTC);
        }
    }
}
