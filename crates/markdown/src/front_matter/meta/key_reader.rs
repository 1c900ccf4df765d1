use super::name_lists;
use crate::front_matter::{FrontMatterWarning, YamlMap, YamlValue};

const KNOWN: &[&str] = &[
    "aliases",
    "author",
    "authors",
    "basename",
    "categories",
    "category",
    "date",
    "description",
    "draft",
    "excerpt",
    "excerpt_separator",
    "lang",
    "last_modified_at",
    "lastmod",
    "locale",
    "modified",
    "permalink",
    "published",
    "redirect_from",
    "slug",
    "summary",
    "tag",
    "tags",
    "title",
    "updated",
];

/// Whether [`super::Meta`] has a field for this key.
pub(super) fn is_known(key: &str) -> bool {
    KNOWN.contains(&key)
}

/// Reads keys by their meaning and collects what looked wrong.
pub(super) struct Keys<'a> {
    map: &'a YamlMap,
    pub(super) warnings: Vec<FrontMatterWarning>,
}

impl<'a> Keys<'a> {
    pub(super) fn of(map: &'a YamlMap) -> Self {
        Self {
            map,
            warnings: Vec::new(),
        }
    }

    /// The first of these keys that holds a text, white space around it removed.
    pub(super) fn text(&mut self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| {
            let value = self.map.get(key)?;
            if !matches!(value, YamlValue::Scalar(_)) {
                self.unexpected(key);
            }
            value
                .text()
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        })
    }

    /// One text or a list of texts, from each of these keys in turn.
    pub(super) fn lines(&mut self, keys: &[&str]) -> Vec<String> {
        let mut lines = Vec::new();
        for key in keys {
            match self.map.get(key) {
                Some(YamlValue::Map(_)) => self.unexpected(key),
                Some(value) => lines.extend(name_lists::each(value)),
                None => {}
            }
        }
        name_lists::unique(lines)
    }

    /// The plural key, which may be a text to split, then the singular one, which is one value.
    pub(super) fn terms(&mut self, singular: &str, plural: &str) -> Vec<String> {
        let mut found = Vec::new();
        match self.map.get(plural) {
            Some(value) if value.text().is_some_and(|text| text.contains(',')) => {
                self.warnings.push(FrontMatterWarning::CommaSeparated {
                    key: plural.to_owned(),
                    line: self.line(plural),
                });
                found.extend(name_lists::split(value));
            }
            Some(YamlValue::Map(_)) => self.unexpected(plural),
            Some(value) => found.extend(name_lists::split(value)),
            None => {}
        }
        match self.map.get(singular) {
            Some(YamlValue::Map(_)) => self.unexpected(singular),
            Some(value) => found.extend(name_lists::each(value)),
            None => {}
        }
        name_lists::unique(found)
    }

    /// As [`Keys::terms`], but Jekyll would read `tag` alone, so both are worth a word.
    pub(super) fn tags(&mut self) -> Vec<String> {
        let both = ["tag", "tags"]
            .iter()
            .all(|key| self.map.get(key).is_some_and(|value| !value.is_null()));
        if both {
            let (singular, plural) = ("tag".to_owned(), "tags".to_owned());
            self.warnings.push(FrontMatterWarning::BothSpellings {
                singular,
                plural,
                line: self.line("tag"),
            });
        }
        self.terms("tag", "tags")
    }

    pub(super) fn is_no(&self, key: &str) -> bool {
        self.says(key, &["false", "no", "off"])
    }

    pub(super) fn is_yes(&self, key: &str) -> bool {
        self.says(key, &["true", "yes", "on"])
    }

    fn says(&self, key: &str, words: &[&str]) -> bool {
        self.map.text(key).is_some_and(|text| {
            words
                .iter()
                .any(|word| text.trim().eq_ignore_ascii_case(word))
        })
    }

    fn line(&self, key: &str) -> usize {
        self.map.entry(key).map_or(1, |entry| entry.line)
    }

    fn unexpected(&mut self, key: &str) {
        let warning = FrontMatterWarning::UnexpectedShape {
            key: key.to_owned(),
            line: self.line(key),
        };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}
