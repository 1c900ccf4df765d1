use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// Note on a revision, shown in the history: one line, 1 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Note(String);

impl Note {
    /// Longest note, in characters.
    pub const MAX: usize = 200;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }
}

text_value!(Note);
