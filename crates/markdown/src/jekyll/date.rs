//! What a `date:` of front matter means.

mod parse;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// A moment as it was written and as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostDate {
    /// The instant.
    pub at: Timestamp,
    /// The text, as it was written.
    pub written: String,
    /// Whether a time of day was given. Without one the moment is midnight.
    pub has_time: bool,
    /// The offset that was given with it, if any.
    pub offset: Option<Offset>,
}

impl PostDate {
    /// The moment in the site's time zone, which is how Jekyll writes it into URLs.
    #[must_use]
    pub fn local(&self, site: &TimeZone) -> Zoned {
        self.at.to_zoned(site.clone())
    }
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{written}` is no date; write it as 2018-02-06, 2018-02-06 16:00:00 or 2018-02-06T16:00:00Z"
)]
pub struct InvalidDate {
    /// The text, as it was written.
    pub written: String,
}

/// What a date says before a time zone makes it an instant.
struct CivilDate {
    civil: DateTime,
    has_time: bool,
    offset: Option<Offset>,
}

/// Reads a date, a date and time, or either without leading zeros; with or without an offset; in
/// ISO 8601 or with an English month. Where no offset is given the site's time zone counts; a
/// time that a clock change skips or repeats is read as RFC 5545 says.
///
/// # Errors
/// [`InvalidDate`] for any other text, and for days that are not in the calendar.
pub fn read(text: &str, site: &TimeZone) -> Result<PostDate, InvalidDate> {
    let error = || InvalidDate {
        written: text.to_owned(),
    };
    let CivilDate {
        civil,
        has_time,
        offset,
    } = parse::written(text).ok_or_else(error)?;
    let at = match offset {
        Some(offset) => offset.to_timestamp(civil),
        None => site.to_ambiguous_timestamp(civil).compatible(),
    };
    let at = at.map_err(|_| error())?;
    Ok(PostDate {
        at,
        written: text.to_owned(),
        has_time,
        offset,
    })
}

/// The moment a day begins, for a date that comes from a file's name.
///
/// # Errors
/// [`InvalidDate`] for days at the very edge of the calendar.
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
    fn dates_without_an_offset_are_of_the_sites_zone() {
        assert_eq!(at("2018-02-06"), "2018-02-05T23:00:00Z");
        assert_eq!(at("2018-2-6 16:00:00"), "2018-02-06T15:00:00Z");
        assert_eq!(at("2018-07-06T16:00"), "2018-07-06T14:00:00Z");
        assert_eq!(at(" 2018/07/06 9:05 "), "2018-07-06T07:05:00Z");
    }

    #[test]
    fn an_offset_wins_over_the_zone() {
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
    fn english_months_and_afternoons_are_understood() {
        assert_eq!(at("February 6, 2018 4:00 PM"), "2018-02-06T15:00:00Z");
        assert_eq!(at("6 Feb 2018"), "2018-02-05T23:00:00Z");
        assert_eq!(
            at("Tue, 06 Feb 2018 16:00:00 +0000"),
            "2018-02-06T16:00:00Z"
        );
        assert_eq!(at("2018-02-06 12:30 am UTC"), "2018-02-06T00:30:00Z");
    }

    #[test]
    fn the_text_and_what_it_held_are_kept() {
        let moment = read("2018-2-6", &TimeZone::UTC).unwrap();
        assert_eq!(
            (moment.written.as_str(), moment.has_time, moment.offset),
            ("2018-2-6", false, None)
        );
        assert!(
            read("2018-2-6 0:00 +0100", &TimeZone::UTC)
                .unwrap()
                .has_time
        );
    }

    #[test]
    fn skipped_hours_move_forward() {
        assert_eq!(at("2018-03-25 02:30"), "2018-03-25T01:30:00Z");
    }

    #[test]
    fn other_texts_are_no_dates() {
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
        fn any_text_can_be_read(text in "[0-9TZ:+/ .a-zé-]{0,40}") {
            let _ = read(&text, &TimeZone::UTC);
        }
    }
}
