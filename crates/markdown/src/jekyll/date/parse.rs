use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::CivilDate;
use crate::jekyll::file_name::calendar;

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) fn written(text: &str) -> Option<CivilDate> {
    let text = text.trim();
    let (date, rest) = numeric_date(text).or_else(|| english_date(text))?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Some(CivilDate {
            civil: date.to_datetime(Time::midnight()),
            offset: None,
        });
    }
    if let Some(offset) = offset(rest.trim()) {
        return Some(CivilDate {
            civil: date.to_datetime(Time::midnight()),
            offset: Some(offset),
        });
    }
    let (time, rest) = time(rest)?;
    let offset = match without_year(rest.trim()) {
        "" => None,
        zone => Some(offset(zone)?),
    };
    Some(CivilDate {
        civil: DateTime::from_parts(date, time),
        offset,
    })
}

/// Removes the year that some tools repeat after the time, as in `18:30:22 2018 -0800`.
fn without_year(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_year = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit());
    if is_year { rest.trim_start() } else { text }
}

/// Parses `2018-2-6` or `2018/02/06`. Returns also the rest after a space or a `T`.
fn numeric_date(text: &str) -> Option<(Date, &str)> {
    let end = text.find([' ', 'T', 't', '\t']).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let separator = if day.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = day.split(separator).collect();
    let &[year, month, day] = parts.as_slice() else {
        return None;
    };
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (2..=4).contains(&year.len()) && month.len() <= 2 && day.len() <= 2;
    let date = [year, month, day]
        .iter()
        .all(is_number)
        .then(|| calendar(year, month, day))??;
    fits.then(|| (date, rest.strip_prefix(['T', 't']).unwrap_or(rest)))
}

/// Parses `6 Feb 2018` or `February 6, 2018`, with an optional weekday before it.
fn english_date(text: &str) -> Option<(Date, &str)> {
    let (first, rest) = word(text)?;
    let (first, rest) = if index_of_name(first, WEEKDAYS).is_some() {
        word(rest)?
    } else {
        (first, rest)
    };
    let (second, rest) = word(rest)?;
    let (year, rest) = word(rest)?;
    let (month, day) = match index_of_name(first, MONTHS) {
        Some(month) => (month, second),
        None => (index_of_name(second, MONTHS)?, first),
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let date = is_year.then(|| calendar(year, &(month + 1).to_string(), day))??;
    Some((date, rest))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let word = word.trim_end_matches([',', '.']);
    (!word.is_empty()).then_some((word, rest))
}

/// Returns the index of a name, which is written in full or as its first three letters.
fn index_of_name(word: &str, names: &[&str]) -> Option<usize> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let is_letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    names.iter().position(|name| is_letters && *name == start)
}

/// Parses `16:00`, `9:05:30.5` or `4:00 PM`. Returns also the rest.
fn time(text: &str) -> Option<(Time, &str)> {
    let end = text
        .find(|letter: char| !matches!(letter, '0'..='9' | ':' | '.'))
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, nanosecond) = seconds(parts.next().unwrap_or("0"))?;
    if parts.next().is_some() {
        return None;
    }
    let (hour, rest) = half_of_day(hour, rest)?;
    Some((Time::new(hour, minute, second, nanosecond).ok()?, rest))
}

fn seconds(text: &str) -> Option<(i8, i32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = &fraction[..fraction.len().min(9)];
    Some((whole.parse().ok()?, format!("{digits:0<9}").parse().ok()?))
}

fn half_of_day(hour: i8, rest: &str) -> Option<(i8, &str)> {
    let trimmed = rest.trim_start();
    let is_morning = match trimmed.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("am") => true,
        Some("pm") => false,
        _ => return Some((hour, rest)),
    };
    let noon = if is_morning { 0 } else { 12 };
    (1..=12)
        .contains(&hour)
        .then(|| (hour % 12 + noon, &trimmed[2..]))
}

/// Parses `Z`, a common name, `+0500`, `+05:00` or `+5`.
fn offset(zone: &str) -> Option<Offset> {
    if let Some(hours) = named_offset(&zone.to_ascii_uppercase()) {
        return Offset::from_hours(hours).ok();
    }
    let (sign, digits) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |text: &str, limit| {
        text.parse::<u8>()
            .ok()
            .filter(|&number| text.len() <= 2 && number < limit)
    };
    let seconds = i32::from(number(hours, 24)?) * 3600 + i32::from(number(minutes, 60)?) * 60;
    Offset::from_seconds(sign * seconds).ok()
}

/// Returns the offset of an unambiguous name: those of RFC 5322 and of Europe.
fn named_offset(name: &str) -> Option<i8> {
    Some(match name {
        "Z" | "UTC" | "GMT" | "UT" | "WET" => 0,
        "CET" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" => 3,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    })
}
