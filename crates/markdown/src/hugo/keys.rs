use crate::front_matter::{YamlEntry, YamlMap, YamlValue};

/// The keys that this crate reads. Hugo reads keys regardless of case.
const KNOWN: [&str; 22] = [
    "title",
    "date",
    "publishdate",
    "pubdate",
    "published",
    "expirydate",
    "unpublishdate",
    "lastmod",
    "modified",
    "draft",
    "slug",
    "url",
    "aliases",
    "tags",
    "categories",
    "description",
    "summary",
    "author",
    "authors",
    "images",
    "cascade",
    "lang",
];

/// The keys with lists. A text is one name, spaces included.
const LISTS: [&str; 3] = ["tags", "categories", "authors"];

/// The keys that Hugo reads as the date of a page, the first that has one.
const DATES: [&str; 5] = ["date", "publishdate", "pubdate", "published", "lastmod"];

/// Spells the known keys in lower case, and a name in place of a list as a list.
pub(super) fn normalised(map: &YamlMap) -> YamlMap {
    let entries = map.entries().iter().map(|entry| {
        let lower = entry.key.to_lowercase();
        let key = if KNOWN.contains(&lower.as_str()) {
            lower
        } else {
            entry.key.clone()
        };
        let value = match &entry.value {
            value @ YamlValue::Scalar(_) if LISTS.contains(&key.as_str()) => {
                YamlValue::List(vec![value.clone()])
            }
            value => value.clone(),
        };
        let line = entry.line;
        YamlEntry { key, line, value }
    });
    entries.collect()
}

/// Adds the date of a page that has it under another key.
pub(super) fn completed(mut map: YamlMap) -> YamlMap {
    let dates = DATES.iter().filter_map(|key| map.entry(key));
    let is_date = |entry: &&YamlEntry| {
        let text = entry.value.text().unwrap_or_default();
        text.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let date = dates.clone().find(is_date).cloned();
    if let Some(entry) = date.filter(|entry| entry.key != "date") {
        let key = "date".to_owned();
        map.set(YamlEntry { key, ..entry });
    }
    map
}
