use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{paragraphs, text_value},
};

/// Short biography: plain text, line breaks allowed, 1 to 2,000 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bio(String);

impl Bio {
    /// Longest text, in characters.
    pub const MAX: usize = 2000;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        paragraphs(raw, Self::MAX).map(Self)
    }
}

text_value!(Bio);
