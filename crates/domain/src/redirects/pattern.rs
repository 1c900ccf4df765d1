use std::str::FromStr;

use crate::values::{Address, Code, Timestamp, ValueError};

/// Pattern of the front end's post URLs, such as `/{year}/{slug}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Blank(Blank),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    Slug,
    Locale,
    Category,
    Year,
    Month,
    Day,
}

const BLANKS: [(&str, Blank); 6] = [
    ("slug", Blank::Slug),
    ("locale", Blank::Locale),
    ("category", Blank::Category),
    ("year", Blank::Year),
    ("month", Blank::Month),
    ("day", Blank::Day),
];

/// A placeholder of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filling<'a> {
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
        self.0.contains(&Part::Blank(Blank::Category))
    }

    /// Builds the path of a post. Empty segments are omitted.
    pub(super) fn fill(&self, filling: Filling<'_>) -> String {
        let date = filling.published_at.to_string();
        let mut path = String::new();
        for part in &self.0 {
            path.push_str(match part {
                Part::Text(text) => text,
                Part::Blank(Blank::Slug) => filling.address.slug.as_str(),
                Part::Blank(Blank::Locale) => filling.address.locale.as_str(),
                Part::Blank(Blank::Category) => filling.category.unwrap_or_default(),
                // A timestamp has the form 2026-11-22T10:00:00.000Z.
                Part::Blank(Blank::Year) => &date[..4],
                Part::Blank(Blank::Month) => &date[5..7],
                Part::Blank(Blank::Day) => &date[8..10],
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
        let slash = Part::Text("/".to_owned());
        Self(vec![slash, Part::Blank(Blank::Slug)])
    }
}

impl FromStr for UrlPattern {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Self, ValueError> {
        let refused = |detail: String| Err(ValueError::new(Code::Format, detail));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~{}".contains(&byte);
        if raw.len() > Self::MAX || !raw.starts_with('/') || !raw.bytes().all(plain) {
            return refused("must be a path such as /{year}/{slug}".to_owned());
        }
        let mut parts = Vec::new();
        let mut rest = raw;
        while let Some((text, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return refused("has a { without its }".to_owned());
            };
            let Some((_, blank)) = BLANKS.iter().find(|(known, _)| *known == name) else {
                let known = BLANKS.map(|(name, _)| format!("{{{name}}}")).join(", ");
                return refused(format!("can hold {known}; {name:?} is none of them"));
            };
            parts.push(Part::Text(text.to_owned()));
            parts.push(Part::Blank(*blank));
            rest = after;
        }
        if text_is_broken(&parts, rest) {
            return refused("has a } without its {, or a segment that is dots only".to_owned());
        }
        parts.push(Part::Text(rest.to_owned()));
        if !parts.contains(&Part::Blank(Blank::Slug)) {
            return refused("must hold {slug}".to_owned());
        }
        Ok(Self(parts))
    }
}

fn text_is_broken(parts: &[Part], rest: &str) -> bool {
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::Blank(_) => None,
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
        pattern.parse::<UrlPattern>().unwrap().fill(Filling {
            address: &address,
            category,
            published_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn blanks_are_filled_and_empty_segments_left_out() {
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
    fn what_makes_no_addresses_of_posts_is_refused() {
        let long = format!("/{{slug}}{}", "a".repeat(200));
        for pattern in [
            "",
            "{slug}",
            "/hola",
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
