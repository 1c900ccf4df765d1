use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Code, ValueError, text::text_value};

/// Short biography: plain text, line breaks allowed, 1 to 2,000 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bio(String);

impl Bio {
    /// Longest text, in characters.
    pub const MAX: usize = 2000;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let text: String = raw.trim().nfc().collect();
        if text.is_empty() {
            return Err(ValueError::new(Code::TooShort, "must not be empty"));
        }
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t')
        {
            return Err(ValueError::new(
                Code::Format,
                "must be text without control characters",
            ));
        }
        let length = text.chars().count();
        if length > Self::MAX {
            let detail = format!(
                "must have at most {} characters, and has {length}",
                Self::MAX
            );
            return Err(ValueError::new(Code::TooLong, detail));
        }
        Ok(Self(text))
    }
}

text_value!(Bio);
