use serde_json::{Map, Value, json};
use tintero_markdown::generator::Generator;

use super::names::ExportNames;
use crate::post::JsonObject;

/// The values of a post for front matter, each with the keys that can have it; the first one is used in new
/// files.
pub(super) struct FrontMatterValue {
    pub(super) member: &'static str,
    pub(super) keys: &'static [&'static str],
    pub(super) value: Value,
}

/// The keys of images in front matter that have a path as value.
const IMAGE_KEYS: [&str; 6] = [
    "featured_image",
    "image",
    "cover_image",
    "feature_image",
    "thumbnail",
    "banner",
];

/// Returns the values of the members of a post or of a revision, without `extra`.
pub(super) fn values(
    generator: Generator,
    members: &JsonObject,
    names: &ExportNames,
) -> Vec<FrontMatterValue> {
    let get = |name: &str| members.get(name).cloned().unwrap_or_default();
    let description = get("seo").get("description").cloned().unwrap_or_default();
    let excerpt: &[&str] = match generator {
        Generator::Jekyll => &["excerpt", "summary", "description"],
        Generator::Hugo => &["summary", "excerpt", "description"],
        Generator::Zola => &["description"],
    };
    let aliases: &[&str] = match generator {
        Generator::Jekyll => &["redirect_from", "aliases"],
        Generator::Hugo | Generator::Zola => &["aliases"],
    };
    let is_zola = generator == Generator::Zola;
    let categories: &[&str] = if is_zola {
        &["taxonomies.categories"]
    } else {
        &["categories", "category"]
    };
    let tags: &[&str] = if is_zola {
        &["taxonomies.tags"]
    } else {
        &["tags", "tag"]
    };
    let value = |member, keys, value| FrontMatterValue {
        member,
        keys,
        value,
    };
    vec![
        value("title", &["title"], get("title")),
        value("slug", &["slug", "basename"], get("slug")),
        value("locale", &["lang", "locale"], get("locale")),
        value("excerpt", excerpt, get("excerpt")),
        value("seo", &["description"], description),
        value(
            "category_ids",
            categories,
            listed(ExportNames::named(
                &names.categories,
                members.get("category_ids"),
            )),
        ),
        value("tags", tags, listed(get("tags"))),
        value(
            "byline_ids",
            match generator {
                Generator::Zola => &["authors"],
                _ => &["authors", "author"],
            },
            listed(ExportNames::named(
                &names.bylines,
                members.get("byline_ids"),
            )),
        ),
        value(
            "featured_image_id",
            match generator {
                Generator::Zola => &["extra.image"],
                _ => &IMAGE_KEYS,
            },
            names.image_path(members.get("featured_image_id")),
        ),
        value("aliases", aliases, listed(get("aliases"))),
    ]
}

/// An empty list is no value.
fn listed(value: Value) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => Value::Null,
        value => value,
    }
}

/// Returns the keys of `extra` that changed, with null for those that are gone.
pub(super) fn changed_extra(before: Option<&Value>, now: Option<&Value>) -> Map<String, Value> {
    let empty = Map::new();
    let map = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    let (before, now) = (map(before).unwrap_or_default(), map(now).unwrap_or(empty));
    let gone = before.keys().filter(|key| !now.contains_key(*key));
    let gone = gone.map(|key| (key.clone(), json!(null)));
    let changed = now
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()));
    gone.chain(changed).collect()
}
