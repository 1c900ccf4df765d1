use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// Short text for lists and feeds: one line, 1 to 240 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Excerpt(String);

impl Excerpt {
    /// Longest excerpt, in characters. A list row with it stays below 1 KB.
    pub const MAX: usize = 240;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }
}

text_value!(Excerpt);
