//! Settings with names.

use super::value::SettingValue;

/// The prefix of all table names: 1 to 100 characters that DynamoDB allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePrefix(String);

impl TablePrefix {
    const MAX: usize = 100;

    /// The prefix, without a separator.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for TablePrefix {
    const FORM: &'static str = "letters, digits, `-`, `_`, `.`";

    fn parse(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || text.len() > Self::MAX || !text.chars().all(allowed) {
            return Err(format!(
                "must be 1 to {} letters, digits, -, _ or ., but is {text:?}",
                Self::MAX
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The value of a registered claim of a JSON Web Token, such as `iss`
/// ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519#section-4.1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimValue(String);

impl ClaimValue {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for ClaimValue {
    const FORM: &'static str = "text or URL";

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty()
            || text.len() > 255
            || text.chars().any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(format!(
                "must be 1 to 255 characters without spaces, but is {text:?}"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_prefix_has_the_characters_that_dynamodb_allows() {
        assert_eq!(
            TablePrefix::parse("blog-2.prod_a").unwrap().as_str(),
            "blog-2.prod_a"
        );
        for text in ["", "a b", "año", &"a".repeat(101)] {
            assert!(TablePrefix::parse(text).is_err(), "{text}");
        }
    }
}
