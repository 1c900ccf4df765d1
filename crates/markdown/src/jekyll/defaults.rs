//! The `defaults` of `_config.yml`: values for the front matter of files by path and type.

use super::site::SiteConfig;
use crate::front_matter::{Scalar, YamlEntry, YamlMap, YamlValue};

/// The line of an entry that is not in the file.
const NO_LINE: usize = 0;

/// Adds the defaults of a site to the front matter of a post. Values of the file win; maps are merged,
/// and categories are joined.
#[must_use]
pub fn with_defaults(site: &SiteConfig, path: &str, front_matter: YamlMap) -> YamlMap {
    let Some(YamlValue::List(sets)) = site.values().get("defaults") else {
        return front_matter;
    };
    let mut defaults = YamlMap::default();
    let mut strongest: Option<DefaultsScope<'_>> = None;
    for set in sets {
        let YamlValue::Map(set) = set else { continue };
        let scope = DefaultsScope::of(set);
        let Some(YamlValue::Map(values)) = set.get("values") else {
            continue;
        };
        if !scope.matches(site.relative(path)) && !scope.matches(path) {
            continue;
        }
        if strongest.is_none_or(|other| scope.wins_over(other)) {
            defaults = merged(values.clone(), &defaults);
            strongest = Some(scope);
        } else {
            defaults = merged(defaults, values);
        }
    }
    let categories = joined_categories(&defaults, &front_matter);
    let mut result = merged(front_matter, &defaults);
    if let Some(categories) = categories {
        let line = result
            .entry("categories")
            .map_or(NO_LINE, |entry| entry.line);
        let (key, value) = ("categories".to_owned(), categories);
        result.set(YamlEntry { key, line, value });
    }
    result
}

/// The scope of a set of defaults.
#[derive(Debug, Clone, Copy)]
struct DefaultsScope<'a> {
    path: &'a str,
    kind: Option<&'a str>,
}

impl<'a> DefaultsScope<'a> {
    fn of(set: &'a YamlMap) -> Self {
        let scope = match set.get("scope") {
            Some(YamlValue::Map(scope)) => Some(scope),
            _ => None,
        };
        let text = |key| scope.and_then(|scope| scope.text(key));
        Self {
            path: text("path").unwrap_or_default().trim_matches('/'),
            kind: text("type"),
        }
    }

    fn matches(self, path: &str) -> bool {
        let is_kind = self
            .kind
            .is_none_or(|kind| matches!(kind, "posts" | "post" | "drafts"));
        is_kind && is_below(path, self.path)
    }

    /// A longer path wins, then a type.
    fn wins_over(self, other: Self) -> bool {
        if self.path.len() == other.path.len() {
            self.kind.is_some() || other.kind.is_none()
        } else {
            self.path.len() > other.path.len()
        }
    }
}

/// Whether a path is the scope or below it. A part of the scope can contain `*`.
fn is_below(path: &str, scope: &str) -> bool {
    let mut parts = path.split('/');
    scope
        .split('/')
        .filter(|part| !part.is_empty())
        .all(|pattern| pattern == "**" || parts.next().is_some_and(|part| fits(part, pattern)))
}

fn fits(part: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return part == pattern;
    };
    let Some(mut part) = part.strip_prefix(start) else {
        return false;
    };
    let mut pieces = rest.split('*').collect::<Vec<_>>();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some((_, after)) = part.split_once(piece) else {
            return false;
        };
        part = after;
    }
    part.ends_with(end)
}

/// Adds the entries of `weaker` that `map` lacks, also in inner maps.
pub(crate) fn merged(mut map: YamlMap, weaker: &YamlMap) -> YamlMap {
    for entry in weaker.entries() {
        let value = match (map.get(&entry.key), &entry.value) {
            (Some(YamlValue::Map(own)), YamlValue::Map(other)) => {
                YamlValue::Map(merged(own.clone(), other))
            }
            (Some(_), _) => continue,
            (None, value) => value.clone(),
        };
        let line = map.entry(&entry.key).map_or(NO_LINE, |own| own.line);
        let key = entry.key.clone();
        map.set(YamlEntry { key, line, value });
    }
    map
}

/// The categories of the defaults, then those of the file, if both have some.
fn joined_categories(defaults: &YamlMap, front_matter: &YamlMap) -> Option<YamlValue> {
    let (first, second) = (defaults.get("categories")?, front_matter.get("categories")?);
    let items = |value: &YamlValue| -> Option<Vec<YamlValue>> {
        Some(match value {
            YamlValue::List(items) => items.clone(),
            YamlValue::Map(_) => return None,
            value @ YamlValue::Scalar(_) => {
                let words = value.text().unwrap_or_default().split_whitespace();
                let scalar = |word: &str| Scalar {
                    text: word.to_owned(),
                    plain: false,
                };
                words.map(|word| YamlValue::Scalar(scalar(word))).collect()
            }
        })
    };
    let mut joined = items(first)?;
    joined.extend(items(second)?);
    Some(YamlValue::List(joined))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front_matter::parse_yaml;

    fn values(config: &str, path: &str, front_matter: &str) -> serde_json::Value {
        let site = SiteConfig::read(config.as_bytes()).unwrap().0;
        let front_matter = parse_yaml(front_matter, 1).unwrap().map;
        with_defaults(&site, path, front_matter).to_json().into()
    }

    const CONFIG: &str = "collections_dir: src
defaults:
  - scope: {path: _posts/es, type: posts}
    values: {lang: es, header: {image: b.png}}
  - scope: {path: ''}
    values: {lang: en, layout: page, categories: [casa], header: {image: a.png, alt: x}}
  - scope: {path: '', type: posts}
    values: {layout: post}
  - scope: {path: '', type: pages}
    values: {layout: other}
  - scope: {path: '_posts/20*'}
    values: {old: true}
";

    #[test]
    fn a_longer_path_wins_then_the_earlier_set_and_maps_are_merged() {
        let expected = serde_json::json!({
            "lang": "es", "layout": "page", "categories": ["casa"],
            "header": {"image": "b.png", "alt": "x"},
        });
        assert_eq!(values(CONFIG, "_posts/es/2024-01-02-a.md", ""), expected);
        assert_eq!(
            values(CONFIG, "src/_posts/es/2024-01-02-a.md", ""),
            expected
        );
        assert_eq!(values(CONFIG, "_posts/2019/a.md", "")["old"], true);
        assert_eq!(values(CONFIG, "_posts/es/a.md", "").get("old"), None);
    }

    #[test]
    fn values_of_the_file_win_and_categories_are_joined() {
        let read = values(
            CONFIG,
            "_posts/a.md",
            "lang: fr\ncategories: sal pan\nheader: {alt: y}\n",
        );
        assert_eq!(read["lang"], "fr");
        assert_eq!(
            read["categories"],
            serde_json::json!(["casa", "sal", "pan"])
        );
        assert_eq!(
            read["header"],
            serde_json::json!({"alt": "y", "image": "a.png"})
        );
    }

    #[test]
    fn defaults_of_another_shape_are_ignored() {
        for config in [
            "defaults: 1",
            "defaults: [1, {values: 2}, {scope: [], values: {a: b}}]",
        ] {
            let read = values(config, "_posts/a.md", "x: y");
            assert_eq!(read["x"], "y", "{config}");
        }
    }
}
