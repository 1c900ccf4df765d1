use std::collections::BTreeSet;

use super::name_lists;
use crate::front_matter::{FrontMatterWarning, FrontMatterWarningKind, YamlMap, YamlValue};

/// Reads keys by their meaning. Records the keys it read and the warnings.
pub(super) struct KeyReader<'a> {
    map: &'a YamlMap,
    pub(super) known: BTreeSet<&'static str>,
    pub(super) warnings: Vec<FrontMatterWarning>,
}

impl<'a> KeyReader<'a> {
    pub(super) fn new(map: &'a YamlMap) -> Self {
        Self {
            map,
            known: BTreeSet::new(),
            warnings: Vec::new(),
        }
    }

    /// Records keys that other code reads.
    pub(super) fn add_known(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// Returns the trimmed text of the first of these keys that has one.
    pub(super) fn text(&mut self, keys: &[&'static str]) -> Option<String> {
        self.add_known(keys);
        keys.iter().find_map(|key| {
            let value = self.map.get(key)?;
            if !matches!(value, YamlValue::Scalar(_)) {
                self.warn_shape(key);
            }
            let text = value.text().map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        })
    }

    /// Returns the texts of these keys, each of which has one text or a list.
    pub(super) fn texts(&mut self, keys: &[&'static str]) -> Vec<String> {
        let texts = keys
            .iter()
            .flat_map(|key| self.list(key, name_lists::each))
            .collect();
        name_lists::unique(texts)
    }

    /// Returns the names of the plural key, whose text is split, then of the singular key.
    pub(super) fn names(&mut self, singular: &'static str, plural: &'static str) -> Vec<String> {
        let text = self.map.text(plural);
        if text.is_some_and(|text| text.contains(',')) {
            self.warn(FrontMatterWarningKind::CommaSeparated, plural);
        }
        let mut names = self.list(plural, name_lists::split);
        names.extend(self.list(singular, name_lists::each));
        name_lists::unique(names)
    }

    /// Reads `tag` and `tags`. Jekyll reads only `tag`, so both together give a warning.
    pub(super) fn tags(&mut self) -> Vec<String> {
        let is_set = |key: &&str| self.map.get(key).is_some_and(|value| !value.is_null());
        if ["tag", "tags"].iter().all(is_set) {
            self.warn(FrontMatterWarningKind::BothSpellings, "tag");
        }
        self.names("tag", "tags")
    }

    pub(super) fn is_no(&mut self, key: &'static str) -> bool {
        self.is_one_of(key, &["false", "no", "off"])
    }

    pub(super) fn is_yes(&mut self, key: &'static str) -> bool {
        self.is_one_of(key, &["true", "yes", "on"])
    }

    fn is_one_of(&mut self, key: &'static str, words: &[&str]) -> bool {
        self.known.insert(key);
        let text = self.map.text(key).map(str::trim);
        text.is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)))
    }

    fn list(&mut self, key: &'static str, read: fn(&YamlValue) -> Vec<String>) -> Vec<String> {
        self.known.insert(key);
        match self.map.get(key) {
            Some(YamlValue::Map(_)) => {
                self.warn_shape(key);
                Vec::new()
            }
            Some(value) => read(value),
            None => Vec::new(),
        }
    }

    fn warn(&mut self, kind: FrontMatterWarningKind, key: &str) {
        let line = self.map.entry(key).map_or(1, |entry| entry.line);
        self.warnings.push(FrontMatterWarning::new(kind, key, line));
    }

    /// Several fields can read the same key, which gives only one warning.
    fn warn_shape(&mut self, key: &str) {
        let is_known = |warning: &FrontMatterWarning| {
            warning.kind == FrontMatterWarningKind::UnexpectedShape && warning.key == key
        };
        if !self.warnings.iter().any(is_known) {
            self.warn(FrontMatterWarningKind::UnexpectedShape, key);
        }
    }
}
