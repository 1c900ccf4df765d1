use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// A tag as authors write it: one line, 1 to 40 characters.
///
/// Two spellings that differ only in letter case are one tag; see [`Tag::folded`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// Longest tag, in characters.
    pub const MAX: usize = 40;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }

    /// The form that lists and keys compare: lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

text_value!(Tag);
