use std::collections::BTreeSet;

use crate::front_matter::YamlValue;

/// The names in a plural key: a text splits on commas when it has any, else on white space.
pub(super) fn split(value: &YamlValue) -> Vec<String> {
    match value.text() {
        Some(text) if text.contains(',') => text.split(',').filter_map(name).collect(),
        Some(text) => text.split_whitespace().filter_map(name).collect(),
        None => each(value),
    }
}

/// A text as one name, a list as many; null and maps are none.
pub(super) fn each(value: &YamlValue) -> Vec<String> {
    match value {
        YamlValue::List(items) => items.iter().flat_map(each).collect(),
        value => value.text().and_then(name).into_iter().collect(),
    }
}

/// Every name once, at its first place.
pub(super) fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .into_iter()
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

fn name(text: &str) -> Option<String> {
    let name = text.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
