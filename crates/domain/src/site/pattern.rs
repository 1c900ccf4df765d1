//! Patterns of the paths of the front end.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    matching,
    url_part::{Placeholder, UrlPart},
};
use crate::values::{Address, Code, Locale, ValueError};

/// Pattern of the front end's post URLs, such as `/{year}/{slug}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UrlPattern(Vec<UrlPart>);

/// Pattern of the front end's URLs of a category, tag or byline, such as `/categoria/{slug}/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ListPattern(Vec<UrlPart>);

/// The values of the placeholders.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UrlVariables<'a> {
    pub(crate) address: &'a Address,
    /// Slugs of the first category's path, from the root. Empty without a category.
    pub(crate) category: Option<&'a str>,
    /// The date of the post in the time zone of the site: `2026-11-22`.
    pub(crate) date: &'a str,
}

impl UrlPattern {
    /// Longest pattern, in bytes.
    pub const MAX: usize = 200;

    /// Whether the pattern contains the category.
    #[must_use]
    pub(crate) fn names_category(&self) -> bool {
        let category = UrlPart::Placeholder(Placeholder::Category);
        self.0.contains(&category)
    }

    /// Builds the path of a post. Empty segments are omitted.
    #[must_use]
    pub(crate) fn fill(&self, variables: UrlVariables<'_>) -> String {
        let date = variables.date;
        let mut path = String::new();
        for part in &self.0 {
            path.push_str(match part {
                UrlPart::Text(text) => text,
                UrlPart::Placeholder(Placeholder::Slug) => variables.address.slug.as_str(),
                UrlPart::Placeholder(Placeholder::Locale) => variables.address.locale.as_str(),
                UrlPart::Placeholder(Placeholder::Category | Placeholder::Path) => {
                    variables.category.unwrap_or_default()
                }
                UrlPart::Placeholder(Placeholder::Year) => date.get(..4).unwrap_or_default(),
                UrlPart::Placeholder(Placeholder::Month) => date.get(5..7).unwrap_or_default(),
                UrlPart::Placeholder(Placeholder::Day) => date.get(8..10).unwrap_or_default(),
            });
        }
        while let Some(at) = path.find("//") {
            path.remove(at);
        }
        path
    }
}

impl UrlPattern {
    /// The address in a path of a post; in the language `default` if the pattern has none. `None` if the path does not
    /// follow the pattern. A slash or `index.html` at the end is ignored.
    pub(crate) fn address_in(&self, path: &str, default: &Locale) -> Option<Address> {
        matching::address_in(&self.0, path, default)
    }
}

impl Default for UrlPattern {
    /// `/{slug}`.
    fn default() -> Self {
        let slash = UrlPart::Text("/".to_owned());
        Self(vec![slash, UrlPart::Placeholder(Placeholder::Slug)])
    }
}

impl FromStr for UrlPattern {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Self, ValueError> {
        let parts = parts(raw, Placeholder::OF_POSTS, "/{year}/{slug}")?;
        if !parts.contains(&UrlPart::Placeholder(Placeholder::Slug)) {
            return Err(refused("must contain {slug}".to_owned()));
        }
        Ok(Self(parts))
    }
}

impl FromStr for ListPattern {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Self, ValueError> {
        let parts = parts(raw, Placeholder::OF_LISTS, "/tags/{slug}/")?;
        let named = [Placeholder::Slug, Placeholder::Path].map(UrlPart::Placeholder);
        if !parts.iter().any(|part| named.contains(part)) {
            return Err(refused("must contain {slug} or {path}".to_owned()));
        }
        Ok(Self(parts))
    }
}

fn refused(detail: String) -> ValueError {
    ValueError::new(Code::Format, detail)
}

/// Parses the texts and placeholders of a pattern. Each placeholder occurs once, and text separates two of them, so that
/// a path can be compared with the pattern in bounded time.
fn parts(raw: &str, known: &[Placeholder], example: &str) -> Result<Vec<UrlPart>, ValueError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~{}".contains(&byte);
    let is_path = raw.starts_with('/') && !raw.contains("//");
    if raw.len() > UrlPattern::MAX || !is_path || !raw.bytes().all(plain) {
        return Err(refused(format!("must be a path such as {example}")));
    }
    let mut parts = Vec::new();
    let mut rest = raw;
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err(refused("has a { without }".to_owned()));
        };
        let placeholder = placeholder(name, known)?;
        if text.is_empty() {
            return Err(refused(
                "must have a text between two placeholders".to_owned(),
            ));
        }
        if parts.contains(&placeholder) {
            return Err(refused(format!("contains {{{name}}} twice")));
        }
        parts.push(UrlPart::Text(text.to_owned()));
        parts.push(placeholder);
        rest = after;
    }
    if text_is_broken(&parts, rest) {
        let detail = "has a } without {, or a . or .. segment".to_owned();
        return Err(refused(detail));
    }
    if !rest.is_empty() {
        parts.push(UrlPart::Text(rest.to_owned()));
    }
    Ok(parts)
}

fn placeholder(name: &str, known: &[Placeholder]) -> Result<UrlPart, ValueError> {
    let found = known.iter().find(|known| known.name() == name);
    found
        .map(|found| UrlPart::Placeholder(*found))
        .ok_or_else(|| {
            let known: Vec<_> = known
                .iter()
                .map(|it| format!("{{{}}}", it.name()))
                .collect();
            let known = known.join(", ");
            refused(format!("supports only {known}; {name:?} is unknown"))
        })
}

fn text_is_broken(parts: &[UrlPart], rest: &str) -> bool {
    let texts = parts.iter().filter_map(|part| match part {
        UrlPart::Text(text) => Some(text.as_str()),
        UrlPart::Placeholder(_) => None,
    });
    texts
        .chain([rest])
        .any(|text| text.contains('}') || text.split('/').any(|word| matches!(word, "." | "..")))
}

fn write_parts(parts: &[UrlPart], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    parts.iter().try_for_each(|part| match part {
        UrlPart::Text(text) => f.write_str(text),
        UrlPart::Placeholder(placeholder) => write!(f, "{{{}}}", placeholder.name()),
    })
}

macro_rules! pattern_text {
    ($($pattern:ty),*) => {$(
        impl fmt::Display for $pattern {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_parts(&self.0, f)
            }
        }

        impl TryFrom<String> for $pattern {
            type Error = ValueError;

            fn try_from(raw: String) -> Result<Self, ValueError> {
                raw.parse()
            }
        }

        impl From<$pattern> for String {
            fn from(pattern: $pattern) -> Self {
                pattern.to_string()
            }
        }
    )*};
}

pattern_text!(UrlPattern, ListPattern);

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pattern: &str, category: Option<&str>) -> String {
        let address = Address {
            locale: "es".parse().unwrap(),
            slug: "hola".parse().unwrap(),
        };
        pattern.parse::<UrlPattern>().unwrap().fill(UrlVariables {
            address: &address,
            category,
            date: "2026-11-22",
        })
    }

    #[test]
    fn placeholders_are_filled_and_empty_segments_left_out() {
        assert_eq!(filled("/{slug}", None), "/hola");
        assert_eq!(
            filled(
                "/{locale}/{category}/{year}/{month}/{day}/{slug}.html",
                Some("a/b")
            ),
            "/es/a/b/2026/11/22/hola.html"
        );
        assert_eq!(filled("/{category}/{slug}/", None), "/hola/");
        assert_eq!(filled("/blog/{category}/{slug}", None), "/blog/hola");
        let default = UrlPattern::default();
        assert_eq!("/{slug}".parse::<UrlPattern>().unwrap(), default);
    }

    #[test]
    fn patterns_are_stored_as_they_were_written() {
        for raw in [
            "/{slug}",
            "/{locale}/{category}/{year}-{month}-{day}-{slug}.html",
            "/blog/{slug}/",
        ] {
            assert_eq!(raw.parse::<UrlPattern>().unwrap().to_string(), raw);
        }
        assert_eq!(
            "/categoria/{path}/"
                .parse::<ListPattern>()
                .unwrap()
                .to_string(),
            "/categoria/{path}/"
        );
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        let long = format!("/{{slug}}{}", "a".repeat(200));
        for pattern in [
            "",
            "{slug}",
            "/hola",
            "//{slug}",
            "/blog//{slug}",
            "/{slug",
            "/slug}",
            "/{slug}}",
            "/{{slug}}",
            "/{title}/{slug}",
            "/{slug}?x=1",
            "/../{slug}",
            "/{slug} ",
            "/ñ/{slug}",
            "/{slug}/{slug}",
            "/{year}{slug}",
            "/{path}/{slug}",
            &long,
        ] {
            assert!(pattern.parse::<UrlPattern>().is_err(), "{pattern:?}");
        }
        for pattern in ["/tags", "/tags/{year}", "/{slug}{path}"] {
            assert!(pattern.parse::<ListPattern>().is_err(), "{pattern:?}");
        }
    }
}
