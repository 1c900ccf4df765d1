use std::cmp::Ordering;

use crate::api_error::RequestError;

/// Maximum number of significant digits.
const MAX_DIGITS: usize = 38;
/// Powers of ten of the first digit: numbers reach from 1E-130 to 9.99…E+125.
const MAX_MAGNITUDE: i64 = 125;
const MIN_MAGNITUDE: i64 = -130;
/// Integers of so few digits need no checks.
const SHORT: usize = 18;

/// A number in the form in which DynamoDB returns it: without exponent and needless zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Number(String);

impl Number {
    /// Checks and normalises the text of a number, such as `1.50` or `-3e2`.
    pub(crate) fn parse(text: &str) -> Result<Self, RequestError> {
        if is_short_integer(text) {
            return Ok(Self(text.to_owned()));
        }
        let decimal = Decimal::parse(text)?;
        Ok(Self(decimal.to_text()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Bytes, as DynamoDB counts them: one for each two digits before and after the point, leading
    /// and trailing zeros apart, one more, and one for a minus sign.
    pub(super) fn size(&self) -> usize {
        let (is_negative, integer, fraction) = self.parts();
        let integer = if fraction.is_empty() {
            integer.trim_end_matches('0')
        } else {
            integer.trim_start_matches('0')
        };
        let fraction = if integer.is_empty() {
            fraction.trim_start_matches('0')
        } else {
            fraction
        };
        integer.len().div_ceil(2) + fraction.len().div_ceil(2) + 1 + usize::from(is_negative)
    }

    pub(crate) fn plus(&self, other: &Self) -> Result<Self, RequestError> {
        let sum = Decimal::parse(&self.0)?.plus(Decimal::parse(&other.0)?)?;
        Ok(Self(sum.to_text()))
    }

    /// The sign and the digits before and after the point.
    fn parts(&self) -> (bool, &str, &str) {
        let digits = self.0.strip_prefix('-');
        let (integer, fraction) = split_at_point(digits.unwrap_or(&self.0));
        (digits.is_some(), integer, fraction)
    }
}

impl From<usize> for Number {
    fn from(number: usize) -> Self {
        Self(number.to_string())
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (is_negative, integer, fraction) = self.parts();
        let (other_is_negative, other_integer, other_fraction) = other.parts();
        let magnitude = (integer.len(), integer, fraction).cmp(&(
            other_integer.len(),
            other_integer,
            other_fraction,
        ));
        match (is_negative, other_is_negative) {
            (false, false) => magnitude,
            (true, true) => magnitude.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_short_integer(text: &str) -> bool {
    (1..=SHORT).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'))
}

fn split_at_point(digits: &str) -> (&str, &str) {
    digits.split_once('.').unwrap_or((digits, ""))
}

/// A decimal: `digits` times ten to the power of `exponent`. Zero is positive with exponent 0; the
/// last digit of any other is not zero.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    is_negative: bool,
    digits: u128,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Result<Self, RequestError> {
        let (unsigned, is_negative) = match text.as_bytes().first() {
            Some(b'-') => (&text[1..], true),
            Some(b'+') => (&text[1..], false),
            _ => (text, false),
        };
        let (coefficient, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((coefficient, exponent)) => (coefficient, parse_exponent(exponent)),
            None => (unsigned, Some(0)),
        };
        let (integer, fraction) = split_at_point(coefficient);
        let written = || integer.bytes().chain(fraction.bytes());
        let is_valid = written().all(|byte| byte.is_ascii_digit()) && written().next().is_some();
        let Some(exponent) = exponent.filter(|_| is_valid) else {
            return Err(RequestError::validation(format!(
                "The parameter cannot be converted to a numeric value: {text}"
            )));
        };
        // A text of the length that overflows this cannot be in memory.
        let scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let last = exponent.saturating_sub(scale);

        let digits: Vec<u8> = written().skip_while(|byte| *byte == b'0').collect();
        let Some(last_significant) = digits.iter().rposition(|byte| *byte != b'0') else {
            // DynamoDB checks the magnitude of a zero as if its last digit were a one.
            check_magnitude(last)?;
            return Ok(Self::ZERO);
        };
        let zeros = digits.len() - 1 - last_significant;
        let significant = &digits[..=last_significant];
        if significant.len() > MAX_DIGITS {
            return Err(too_many_digits());
        }
        let digits = significant.iter().fold(0, |number: u128, byte| {
            number * 10 + u128::from(byte - b'0')
        });
        let exponent = last.saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX));
        let decimal = Self {
            is_negative,
            digits,
            exponent,
        };
        check_magnitude(decimal.magnitude())?;
        Ok(decimal)
    }

    const ZERO: Self = Self {
        is_negative: false,
        digits: 0,
        exponent: 0,
    };

    /// The power of ten of the first digit.
    fn magnitude(self) -> i64 {
        let following = i64::from(self.digits.checked_ilog10().unwrap_or_default());
        self.exponent.saturating_add(following)
    }

    fn plus(self, other: Self) -> Result<Self, RequestError> {
        if self.digits == 0 {
            return Ok(other.normalised());
        }
        if other.digits == 0 {
            return Ok(self.normalised());
        }
        let exponent = self.exponent.min(other.exponent);
        // If a number does not fit, the sum has more than 38 digits: the last digit of the other
        // number is not zero.
        let left = self.digits_at(exponent).ok_or_else(too_many_digits)?;
        let right = other.digits_at(exponent).ok_or_else(too_many_digits)?;
        let (is_negative, digits) = if self.is_negative == other.is_negative {
            let sum = left.checked_add(right).ok_or_else(too_many_digits)?;
            (self.is_negative, sum)
        } else if left >= right {
            (self.is_negative, left - right)
        } else {
            (other.is_negative, right - left)
        };
        let sum = Self {
            is_negative,
            digits,
            exponent,
        };
        let sum = sum.normalised();
        if sum.digits.checked_ilog10() >= u32::try_from(MAX_DIGITS).ok() {
            return Err(too_many_digits());
        }
        check_magnitude(sum.magnitude())?;
        Ok(sum)
    }

    /// The digits with a smaller exponent, or `None` if they do not fit.
    fn digits_at(self, exponent: i64) -> Option<u128> {
        let zeros = u32::try_from(self.exponent - exponent).ok()?;
        self.digits.checked_mul(10_u128.checked_pow(zeros)?)
    }

    fn normalised(mut self) -> Self {
        if self.digits == 0 {
            return Self::ZERO;
        }
        while self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.exponent += 1;
        }
        self
    }

    /// The text without an exponent. Its length is bounded because the magnitude was checked.
    fn to_text(self) -> String {
        let digits = self.digits.to_string();
        let sign = if self.is_negative { "-" } else { "" };
        let Ok(zeros) = usize::try_from(self.exponent) else {
            let scale = usize::try_from(-self.exponent).unwrap_or_default();
            let padded = format!("{digits:0>width$}", width = scale + 1);
            let (integer, fraction) = padded.split_at(padded.len() - scale);
            return format!("{sign}{integer}.{fraction}");
        };
        format!("{sign}{digits}{}", "0".repeat(zeros))
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn check_magnitude(magnitude: i64) -> Result<(), RequestError> {
    if magnitude > MAX_MAGNITUDE {
        return Err(RequestError::validation(
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ));
    }
    if magnitude < MIN_MAGNITUDE {
        return Err(RequestError::validation(
            "Number underflow. Attempting to store a number with magnitude smaller than supported \
             range",
        ));
    }
    Ok(())
}

fn too_many_digits() -> RequestError {
    RequestError::validation("Attempting to store more than 38 significant digits in a Number")
}

#[cfg(test)]
mod tests;
