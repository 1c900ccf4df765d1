use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError};

/// Checks a single-line text; see [`checked`].
pub(super) fn line(raw: &str, max: usize) -> Result<String, ValueError> {
    let detail = "must be one line without control characters";
    checked(raw, max, char::is_control, detail)
}

/// Checks a text with line breaks and tabs; see [`checked`].
pub(super) fn paragraphs(raw: &str, max: usize) -> Result<String, ValueError> {
    let is_forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let detail = "must be text without control characters";
    checked(raw, max, is_forbidden, detail)
}

/// Returns the text trimmed and in NFC, which makes precomposed and combining spellings of `é` equal.
/// Fails unless it has 1 to `max` characters and none of the forbidden ones.
fn checked(
    raw: &str,
    max: usize,
    is_forbidden: impl Fn(char) -> bool,
    detail: &str,
) -> Result<String, ValueError> {
    let text: String = raw.trim().nfc().collect();
    if text.is_empty() {
        return Err(ValueError::new(Code::TooShort, "must not be empty"));
    }
    if text.chars().any(is_forbidden) {
        return Err(ValueError::new(Code::Format, detail));
    }
    let length = text.chars().count();
    if length > max {
        let detail = format!("must have at most {max} characters, but has {length}");
        return Err(ValueError::new(Code::TooLong, detail));
    }
    Ok(text)
}

/// Implements the conversions of text newtypes from their `parse` function.
macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::values::ValueError;

            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(&raw)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::ValueError;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                Self::parse(raw)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(super) use text_value;
