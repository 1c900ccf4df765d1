//! Settings of the bucket for images.

use super::value::SettingValue;

/// The name of a bucket, by the
/// [rules of S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html) for its characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketName(String);

impl BucketName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for BucketName {
    const FORM: &'static str = "lower-case letters, digits, `-`, `.`";

    fn parse(text: &str) -> Result<Self, String> {
        let is_end = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let ends = [text.bytes().next(), text.bytes().last()];
        let is_valid = (3..=63).contains(&text.len())
            && ends.iter().flatten().all(|c| is_end(*c))
            && text.bytes().all(|c| is_end(c) || c == b'-' || c == b'.')
            && !text.contains("..");
        if is_valid {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "must be 3 to 63 lower-case letters, digits, - or ., but is {text:?}"
        ))
    }
}

/// The prefix of the keys in a bucket: names separated by slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    const MAX: usize = 200;

    /// The prefix without a slash at its ends.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for KeyPrefix {
    const FORM: &'static str = "letters, digits, `-`, `_`, `.`, `/`";

    fn parse(text: &str) -> Result<Self, String> {
        let prefix = text.trim_matches('/');
        let is_name = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !matches!(name, "" | "." | "..") && name.chars().all(allowed)
        };
        if prefix.len() <= Self::MAX && prefix.split('/').all(is_name) {
            return Ok(Self(prefix.to_owned()));
        }
        Err(format!(
            "must be up to {} letters, digits, -, _, . or /, but is {text:?}",
            Self::MAX
        ))
    }
}

/// The name of a region, such as `eu-central-1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionName(String);

impl RegionName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for RegionName {
    const FORM: &'static str = "lower-case letters, digits, `-`";

    fn parse(text: &str) -> Result<Self, String> {
        let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if !text.is_empty() && text.len() <= 63 && text.bytes().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "must be a region such as eu-central-1, but is {text:?}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_have_the_characters_of_host_names() {
        for text in ["blog", "blog-2.example", "a1b"] {
            assert!(BucketName::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "ab",
            "Blog",
            "-blog",
            "blog.",
            "a..b",
            "s3://blog",
            &"a".repeat(64),
        ] {
            assert!(BucketName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slashes_at_the_ends_of_a_prefix_are_removed() {
        for text in ["site/a", "/site/a/", "site/a/"] {
            assert_eq!(KeyPrefix::parse(text).unwrap().as_str(), "site/a");
        }
        for text in ["", "/", "a//b", "../a", "a b", "año"] {
            assert!(KeyPrefix::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn regions_are_parts_of_host_names() {
        assert!(RegionName::parse("us-gov-west-1").is_ok());
        for text in ["", "EU", "eu/central", "a.b"] {
            assert!(RegionName::parse(text).is_err(), "{text}");
        }
    }
}
