use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError};

/// One line of text for people: trimmed, NFC, no control characters, `1..=max` characters.
///
/// NFC makes precomposed and combining spellings of `é` equal.
pub(super) fn line(raw: &str, max: usize) -> Result<String, ValueError> {
    let text: String = raw.trim().nfc().collect();
    if text.is_empty() {
        return Err(ValueError::new(Code::TooShort, "must not be empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(ValueError::new(
            Code::Format,
            "must be one line without control characters",
        ));
    }
    let length = text.chars().count();
    if length > max {
        return Err(ValueError::new(
            Code::TooLong,
            format!("must have at most {max} characters, and has {length}"),
        ));
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
