use std::str::FromStr;

use crate::values::{Address, Code, Timestamp, ValueError};

/// Pattern of the front end's post URLs, such as `/{year}/{slug}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPattern(Vec<UrlPart>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum UrlPart {
    Text(String),
    Placeholder(Placeholder),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placeholder {
    Slug,
    Locale,
    Category,
    Year,
    Month,
    Day,
}

const PLACEHOLDERS: [(&str, Placeholder); 6] = [
    ("slug", Placeholder::Slug),
    ("locale", Placeholder::Locale),
    ("category", Placeholder::Category),
    ("year", Placeholder::Year),
    ("month", Placeholder::Month),
    ("day", Placeholder::Day),
];

/// The values of the placeholders.
#[derive(Debug, Clone, Copy)]
pub(super) struct UrlVariables<'a> {
    pub(super) address: &'a Address,
    /// Slugs of the first category's path, from the root. Empty without a category.
    pub(super) category: Option<&'a str>,
    pub(super) published_at: Timestamp,
}

impl UrlPattern {
    /// Longest pattern, in bytes.
    pub const MAX: usize = 200;

    /// Whether the pattern contains the category.
    pub(super) fn names_category(&self) -> bool {
        self.0
            .contains(&UrlPart::Placeholder(Placeholder::Category))
    }

    /// Builds the path of a post. Empty segments are omitted.
    pub(super) fn fill(&self, variables: UrlVariables<'_>) -> String {
        let date = variables.published_at.to_string();
        let mut path = String::new();
        for part in &self.0 {
            path.push_str(match part {
                UrlPart::Text(text) => text,
                UrlPart::Placeholder(Placeholder::Slug) => variables.address.slug.as_str(),
                UrlPart::Placeholder(Placeholder::Locale) => variables.address.locale.as_str(),
                UrlPart::Placeholder(Placeholder::Category) => {
                    variables.category.unwrap_or_default()
                }
                // A timestamp has the form 2026-11-22T10:00:00.000Z.
                UrlPart::Placeholder(Placeholder::Year) => &date[..4],
                UrlPart::Placeholder(Placeholder::Month) => &date[5..7],
                UrlPart::Placeholder(Placeholder::Day) => &date[8..10],
            });
        }
        while let Some(at) = path.find("//") {
            path.remove(at);
        }
        path
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
        let refused = |detail: String| Err(ValueError::new(Code::Format, detail));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~{}".contains(&byte);
        let is_path = raw.starts_with('/') && !raw.contains("//");
        if raw.len() > Self::MAX || !is_path || !raw.bytes().all(plain) {
            return refused("must be a path such as /{year}/{slug}".to_owned());
        }
        let mut parts = Vec::new();
        let mut rest = raw;
        while let Some((text, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return refused("has a { without }".to_owned());
            };
            let Some((_, placeholder)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name)
            else {
                let known = PLACEHOLDERS
                    .map(|(name, _)| format!("{{{name}}}"))
                    .join(", ");
                return refused(format!("supports only {known}; {name:?} is unknown"));
            };
            parts.push(UrlPart::Text(text.to_owned()));
            parts.push(UrlPart::Placeholder(*placeholder));
            rest = after;
        }
        if text_is_broken(&parts, rest) {
            return refused("has a } without {, or a . or .. segment".to_owned());
        }
        parts.push(UrlPart::Text(rest.to_owned()));
        if !parts.contains(&UrlPart::Placeholder(Placeholder::Slug)) {
            return refused("must contain {slug}".to_owned());
        }
        Ok(Self(parts))
    }
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
            published_at: "2026-11-22T10:00:00Z".parse().unwrap(),
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
        assert_eq!(
            "/{slug}".parse::<UrlPattern>().unwrap().names_category(),
            default.names_category()
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
            &long,
        ] {
            assert!(pattern.parse::<UrlPattern>().is_err(), "{pattern:?}");
        }
    }
}
