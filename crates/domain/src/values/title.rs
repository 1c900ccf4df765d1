use serde::{Deserialize, Serialize};

use super::{
    ValueError,
    text::{line, text_value},
};

/// A post's title: one line, 1 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

impl Title {
    /// Longest title, in characters.
    pub const MAX: usize = 200;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        line(raw, Self::MAX).map(Self)
    }
}

text_value!(Title);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_emoji_and_spanish_signs_are_kept() {
        let title: Title = "  ¿«Serverless» en 2026? 🚀 ".parse().unwrap();
        assert_eq!(title.as_str(), "¿«Serverless» en 2026? 🚀");
    }

    #[test]
    fn empty_long_and_multi_line_titles_are_refused() {
        assert!("   ".parse::<Title>().is_err());
        assert!("a\nb".parse::<Title>().is_err());
        assert!("a\0b".parse::<Title>().is_err());
        assert!("ñ".repeat(200).parse::<Title>().is_ok());
        assert!("ñ".repeat(201).parse::<Title>().is_err());
    }
}
