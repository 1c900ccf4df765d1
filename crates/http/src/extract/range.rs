//! Range requests ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)).

use std::ops::Range;

use http::{HeaderMap, Method, header};

/// The requested part of a representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// The whole representation.
    Whole,
    /// These bytes; not empty.
    Part(Range<u64>),
    /// The range starts behind the end.
    Unsatisfiable,
}

impl RequestedRange {
    /// Returns the requested part of a representation with this entity tag and length.
    ///
    /// A server may ignore ranges. Therefore the whole representation is returned unless there is
    /// exactly one well-formed range and no other condition.
    pub(crate) fn of(method: &Method, headers: &HeaderMap, tag: &str, length: u64) -> Self {
        let mut fields = headers.get_all(header::RANGE).iter();
        let (Some(field), None) = (fields.next(), fields.next()) else {
            return Self::Whole;
        };
        let is_current = headers
            .get(header::IF_RANGE)
            .is_none_or(|known| known == tag);
        let is_conditional = headers.contains_key(header::IF_NONE_MATCH);
        if method != Method::GET || is_conditional || !is_current {
            return Self::Whole;
        }
        let text = field.to_str().unwrap_or_default();
        Self::parse(text, length).unwrap_or(Self::Whole)
    }

    /// Returns `None` if the text is not one range of bytes.
    fn parse(text: &str, length: u64) -> Option<Self> {
        let (unit, range) = text.split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let part = match (first, last) {
            ("", count) => length.saturating_sub(number(count)?)..length,
            (first, "") => number(first)?..length,
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                if last < first {
                    return None;
                }
                first..last.saturating_add(1).min(length)
            }
        };
        Some(if part.is_empty() {
            Self::Unsatisfiable
        } else {
            Self::Part(part)
        })
    }
}

/// Parses a number; one that does not fit is larger than every length.
fn number(digits: &str) -> Option<u64> {
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn requested(fields: &[(http::HeaderName, &str)]) -> RequestedRange {
        let fields = fields
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value);
        }
        RequestedRange::of(&Method::GET, &headers, "\"tag\"", 100)
    }

    #[test]
    fn single_ranges_are_truncated_at_the_end() {
        for (text, part) in [
            ("bytes=0-0", 0..1),
            ("bytes=10-19", 10..20),
            ("Bytes = 90-", 90..100),
            ("bytes=90-1000", 90..100),
            ("bytes=0-99999999999999999999999", 0..100),
            ("bytes=-1", 99..100),
            ("bytes=-1000", 0..100),
        ] {
            assert_eq!(
                requested(&[(header::RANGE, text)]),
                RequestedRange::Part(part),
                "{text}"
            );
        }
    }

    #[test]
    fn ranges_behind_the_end_are_unsatisfiable_and_malformed_ones_are_ignored() {
        for text in [
            "bytes=100-",
            "bytes=100-200",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(
                requested(&[(header::RANGE, text)]),
                RequestedRange::Unsatisfiable,
                "{text}"
            );
        }
        for text in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=0-1,3-4",
            "bytes=+1-2",
            "lines=0-1",
            "bytes=--1",
            "bytes=1",
            "0-1",
        ] {
            assert_eq!(
                requested(&[(header::RANGE, text)]),
                RequestedRange::Whole,
                "{text}"
            );
        }
    }

    #[test]
    fn ranges_are_ignored_if_other_conditions_exist() {
        let range = (header::RANGE, "bytes=0-9");
        assert_eq!(
            requested(&[range.clone(), (header::IF_RANGE, "\"tag\"")]),
            RequestedRange::Part(0..10)
        );
        for other in [
            (header::IF_RANGE, "\"other\""),
            (header::IF_RANGE, "W/\"tag\""),
            (header::IF_RANGE, "Thu, 01 Jan 2026 00:00:00 GMT"),
            (header::IF_NONE_MATCH, "\"tag\""),
            (header::RANGE, "bytes=5-9"),
        ] {
            assert_eq!(requested(&[range.clone(), other]), RequestedRange::Whole);
        }
    }

    proptest! {
        #[test]
        fn a_part_is_inside_of_the_whole(text in "bytes=[0-9]{0,4}-[0-9]{0,4}", length in 0_u64..5000) {
            if let Some(RequestedRange::Part(part)) = RequestedRange::parse(&text, length) {
                prop_assert!(part.start < part.end && part.end <= length);
            }
        }
    }
}
