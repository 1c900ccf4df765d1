use std::collections::BTreeSet;

use crate::front_matter::YamlValue;

/// Returns the names of a plural key. Splits a text on commas if it has any, otherwise on spaces.
pub(super) fn split(value: &YamlValue) -> Vec<String> {
    match value.text() {
        Some(text) if text.contains(',') => text.split(',').filter_map(name).collect(),
        Some(text) => text.split_whitespace().filter_map(name).collect(),
        None => each(value),
    }
}

/// Returns a text as one name and a list as several. Ignores null and maps.
pub(super) fn each(value: &YamlValue) -> Vec<String> {
    match value {
        YamlValue::List(items) => items.iter().flat_map(each).collect(),
        value => value.text().and_then(name).into_iter().collect(),
    }
}

/// Removes repeated names and keeps the order.
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
