use serde::{Deserialize, Serialize};
use url::Url;

use super::{Code, ValueError, text::text_value};

/// The URL of the site that shows the posts, such as `https://example.org/blog`: `http` or `https`, without query,
/// fragment, credentials and a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HomeUrl(String);

impl HomeUrl {
    /// Longest URL, in bytes after normalisation.
    pub const MAX: usize = 500;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        let refused = || {
            let detail =
                "must be an absolute http or https URL without query, fragment and credentials";
            ValueError::new(Code::Format, detail)
        };
        let url = Url::parse(raw).map_err(|_| refused())?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_open = url.username().is_empty() && url.password().is_none();
        let is_bare = url.query().is_none() && url.fragment().is_none();
        if raw.trim() != raw || !is_web || !is_open || !is_bare || url.path().contains("//") {
            return Err(refused());
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        if text.len() > Self::MAX {
            let detail = format!("must have at most {} bytes", Self::MAX);
            return Err(ValueError::new(Code::TooLong, detail));
        }
        Ok(Self(text))
    }

    /// The path, such as `/blog`; empty if the site is at the root of its host.
    #[must_use]
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// The part of a URL of this site after the base URL. The scheme is not compared. `None` for URLs of other sites.
    #[must_use]
    pub fn local<'a>(&self, url: &'a str) -> Option<&'a str> {
        let (_, own) = self.0.split_once("://")?;
        let (scheme, rest) = url.split_once("//")?;
        let is_web = ["", "http:", "https:"].iter();
        if !is_web
            .clone()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            return None;
        }
        let start = rest.get(..own.len())?;
        let rest = &rest[own.len()..];
        let ends = rest.is_empty() || rest.starts_with(['/', '?', '#']);
        (start.eq_ignore_ascii_case(own) && ends).then_some(rest)
    }
}

text_value!(HomeUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_stored_without_a_slash_at_the_end() {
        for (raw, stored, path) in [
            ("https://Example.org/", "https://example.org", ""),
            (
                "http://example.org:8080/blog/",
                "http://example.org:8080/blog",
                "/blog",
            ),
            ("https://ñandú.example", "https://xn--and-6ma2c.example", ""),
        ] {
            let url: HomeUrl = raw.parse().unwrap();
            assert_eq!((url.as_str(), url.path()), (stored, path));
        }
    }

    #[test]
    fn other_urls_are_rejected() {
        for raw in [
            "",
            "example.org",
            "/blog",
            "ftp://example.org",
            "https://ana@example.org",
            "https://example.org/?x=1",
            "https://example.org/#x",
            "https://example.org/a//b",
            " https://example.org",
            "javascript:alert(1)",
        ] {
            assert!(raw.parse::<HomeUrl>().is_err(), "{raw:?}");
        }
    }

    #[test]
    fn urls_of_the_site_are_recognised_with_both_schemes() {
        let base: HomeUrl = "https://example.org/blog".parse().unwrap();
        assert_eq!(base.local("http://Example.org/blog/a?b#c"), Some("/a?b#c"));
        assert_eq!(base.local("//example.org/blog"), Some(""));
        for other in [
            "https://example.org/blogs",
            "https://example.com/blog",
            "/blog/a",
            "mailto:a@example.org",
        ] {
            assert_eq!(base.local(other), None, "{other}");
        }
    }
}
