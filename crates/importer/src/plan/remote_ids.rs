use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    api::{RemoteByline, RemoteCategory},
    post::JsonObject,
    slug::slug,
    text::name_key,
};

/// Ids on the server by the keys that a [`PostContent`](crate::post::PostContent) holds.
#[derive(Debug, Default)]
pub(crate) struct RemoteIds {
    categories: IdIndex,
    bylines: IdIndex,
    images: BTreeMap<String, String>,
    /// Paths of images that the server does not accept.
    excluded_images: BTreeSet<String>,
}

/// The ids of the categories or bylines on the server.
#[derive(Debug, Default)]
struct IdIndex {
    by_name: BTreeMap<String, String>,
    /// Ids by slug of resources that were renamed, and kept the slug of an earlier name.
    renamed: BTreeMap<String, String>,
    /// Ids by the name of resources that were merged into another one.
    merged: BTreeMap<String, String>,
    /// Names by slug.
    names: BTreeMap<String, String>,
    ids: BTreeSet<String>,
}

impl IdIndex {
    fn add(&mut self, name: &str, slug: &str, id: &str) {
        let by_name = self.by_name.entry(name_key(name));
        by_name.or_insert_with(|| id.to_owned());
        if !is_slug_of(slug, name) {
            self.renamed.insert(slug.to_owned(), id.to_owned());
        }
        self.names.insert(slug.to_owned(), name.to_owned());
        self.ids.insert(id.to_owned());
    }

    /// Returns the id of a key: by name, otherwise by an earlier name. An id is its own key.
    fn get(&self, key: &str) -> Option<&str> {
        let id = self.by_name.get(key).or_else(|| self.merged.get(key));
        let id = id.or_else(|| self.renamed.get(&slug(key)?));
        id.or_else(|| self.ids.get(key)).map(String::as_str)
    }
}

/// Whether a slug is that of the name, or one with a number.
fn is_slug_of(written: &str, name: &str) -> bool {
    let Some(base) = slug(name) else { return true };
    let rest = written.strip_prefix(base.as_str());
    rest.is_some_and(|rest| match rest.strip_prefix('-') {
        Some(number) => number.bytes().all(|byte| byte.is_ascii_digit()),
        None => rest.is_empty(),
    })
}

impl RemoteIds {
    pub(crate) fn add_category(&mut self, category: &RemoteCategory) {
        self.categories
            .add(&category.name, &category.slug, &category.id);
    }

    /// Adds the key of a category that was merged into the one with this id.
    pub(crate) fn add_merged_category(&mut self, key: &str, id: &str) {
        let merged = &mut self.categories.merged;
        merged.insert(key.to_owned(), id.to_owned());
    }

    pub(crate) fn add_byline(&mut self, byline: &RemoteByline) {
        self.bylines.add(&byline.name, &byline.slug, &byline.id);
    }

    pub(crate) fn add_image(&mut self, source_path: &str, id: &str) {
        self.images.insert(source_path.to_owned(), id.to_owned());
    }

    /// Marks an image as not accepted by the server.
    pub(crate) fn exclude_image(&mut self, source_path: &str) {
        self.excluded_images.insert(source_path.to_owned());
    }

    pub(crate) fn category(&self, key: &str) -> Option<&str> {
        self.categories.get(key)
    }

    pub(crate) fn byline(&self, key: &str) -> Option<&str> {
        self.bylines.get(key)
    }

    /// The names of categories by slug.
    pub(crate) fn category_names(&self) -> &BTreeMap<String, String> {
        &self.categories.names
    }

    /// The names of bylines by slug.
    pub(crate) fn byline_names(&self) -> &BTreeMap<String, String> {
        &self.bylines.names
    }

    /// Returns the id of the image from a path. An id is its own key.
    pub(crate) fn image(&self, source_path: &str) -> Option<&str> {
        let id = self.images.get(source_path).map(String::as_str);
        id.or_else(|| {
            self.images
                .values()
                .map(String::as_str)
                .find(|id| *id == source_path)
        })
    }

    /// Replaces keys by ids. Keeps keys that have no id yet, but not those of excluded images.
    pub(crate) fn resolve_known(&self, members: JsonObject) -> JsonObject {
        self.replace(members, |key, id| Some(id.unwrap_or(key).to_owned()))
    }

    /// Replaces keys by ids, and drops keys without an id.
    pub(crate) fn resolve_existing(&self, members: JsonObject) -> JsonObject {
        self.replace(members, |_, id| id.map(str::to_owned))
    }

    /// Replaces keys by ids. Returns `None` if a category or a byline has no id. Drops an image
    /// without an id: a post does not need one.
    pub(crate) fn resolve_all(&self, members: &JsonObject) -> Option<JsonObject> {
        let is_complete = |(name, names): (&str, &IdIndex)| {
            let keys = members.get(name).and_then(Value::as_array);
            let mut keys = keys.into_iter().flatten().filter_map(Value::as_str);
            keys.all(|key| names.get(key).is_some())
        };
        let is_complete = self.lists().into_iter().all(is_complete);
        is_complete.then(|| self.resolve_existing(members.clone()))
    }

    fn lists(&self) -> [(&'static str, &IdIndex); 2] {
        [
            ("category_ids", &self.categories),
            ("byline_ids", &self.bylines),
        ]
    }

    fn replace(
        &self,
        mut members: JsonObject,
        replace: impl Fn(&str, Option<&str>) -> Option<String>,
    ) -> JsonObject {
        for (name, names) in self.lists() {
            if let Some(Value::Array(keys)) = members.get_mut(name) {
                let written = keys.iter().filter_map(Value::as_str);
                let replaced = written.filter_map(|key| replace(key, names.get(key)));
                // Two keys can have the same id after a merge.
                let mut ids: Vec<Value> = Vec::with_capacity(keys.len());
                for id in replaced.map(Value::from) {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                *keys = ids;
            }
        }
        if let Some(key) = members.get("featured_image_id").and_then(Value::as_str) {
            let is_accepted = !self.excluded_images.contains(key);
            let id = is_accepted.then(|| replace(key, self.image(key)));
            match id.flatten() {
                Some(id) => members.insert("featured_image_id".to_owned(), id.into()),
                None => members.remove("featured_image_id"),
            };
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: &Value) -> JsonObject {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn two_keys_of_a_merged_category_become_one_id() {
        let mut ids = RemoteIds::default();
        ids.add_merged_category("aws", "1");
        ids.add_merged_category("nube", "1");
        let written = members(&json!({"category_ids": ["aws", "nube"]}));
        let sent = ids.resolve_all(&written).map(Value::Object);
        assert_eq!(sent, Some(json!({"category_ids": ["1"]})));
    }

    #[test]
    fn names_that_share_a_slug_are_different() {
        let mut ids = RemoteIds::default();
        for (id, name, slug) in [("1", "Año", "ano"), ("2", "Ano", "ano-2")] {
            ids.add_category(&RemoteCategory {
                id: id.to_owned(),
                name: name.to_owned(),
                slug: slug.to_owned(),
            });
        }
        let found = ["año", "ano", "anò", "ano 2"].map(|name| ids.category(name));
        assert_eq!(found, [Some("1"), Some("2"), None, None]);
    }

    #[test]
    fn keys_become_ids_by_name_and_by_earlier_name() {
        let mut ids = RemoteIds::default();
        for (id, name, slug) in [("1", "AWS", "amazon"), ("2", "Nube", "nube")] {
            ids.add_category(&RemoteCategory {
                id: id.to_owned(),
                name: name.to_owned(),
                slug: slug.to_owned(),
            });
        }
        let written = members(
            &json!({"category_ids": ["aws", "nube", "s3"], "byline_ids": ["ana"], "featured_image_id": "a.png"}),
        );
        let resolved = ids.resolve_known(written.clone());
        assert_eq!(resolved["category_ids"], json!(["1", "2", "s3"]));
        assert_eq!(ids.resolve_known(resolved.clone()), resolved);
        assert_eq!(
            Value::Object(ids.resolve_existing(written.clone())),
            json!({"category_ids": ["1", "2"], "byline_ids": []})
        );
        assert_eq!(ids.resolve_all(&written), None);
        let sent = ids.resolve_all(&members(
            &json!({"category_ids": ["nube"], "featured_image_id": "a.png"}),
        ));
        assert_eq!(sent, Some(members(&json!({"category_ids": ["2"]}))));
        assert_eq!(
            ids.resolve_all(&members(&json!({"byline_ids": null}))),
            Some(members(&json!({"byline_ids": null})))
        );
    }
}
