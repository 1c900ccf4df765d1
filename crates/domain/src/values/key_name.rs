use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// Name of an API key, such as the program that uses it: one line, 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

impl KeyName {
    /// Longest name, in characters.
    pub const MAX: usize = 80;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }
}

text_value!(KeyName);
