use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// A tag: one line, 1 to 40 characters.
///
/// Spellings that differ only in letter case are equal; see [`Tag::folded`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// Longest tag, in characters.
    pub const MAX: usize = 40;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }

    /// The tag in lower case, for keys and comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

text_value!(Tag);
