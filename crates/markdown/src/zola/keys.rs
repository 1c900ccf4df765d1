use crate::front_matter::{YamlEntry, YamlMap, YamlValue};

/// The taxonomies that are fields of a post.
const TAXONOMIES: [&str; 4] = ["tags", "categories", "authors", "author"];

/// Moves the taxonomies of a post to the top. Others stay where they are.
pub(super) fn normalised(mut map: YamlMap) -> YamlMap {
    let Some(entry) = map.entry("taxonomies").cloned() else {
        return map;
    };
    let YamlValue::Map(taxonomies) = entry.value else {
        return map;
    };
    let mut others = YamlMap::default();
    for term in taxonomies.entries() {
        if TAXONOMIES.contains(&term.key.as_str()) && map.get(&term.key).is_none() {
            map.set(term.clone());
        } else {
            others.set(term.clone());
        }
    }
    let entries = map.entries().iter().filter_map(|kept| {
        if kept.key != "taxonomies" {
            return Some(kept.clone());
        }
        let value = YamlValue::Map(others.clone());
        (!others.entries().is_empty()).then(|| YamlEntry {
            value,
            ..kept.clone()
        })
    });
    entries.collect()
}
