use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    api::{Byline, Category},
    post::{Members, slug},
};

/// What the server calls what the files name: ids by the keys under which a
/// [`Content`](crate::post::Content) holds them.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    categories: Names,
    bylines: Names,
    images: BTreeMap<String, String>,
    /// Paths of images that the server does not take.
    unfit: BTreeSet<String>,
}

/// Ids by slug, and by folded name for those whose slug was changed.
#[derive(Debug, Default)]
struct Names {
    by_slug: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
    ids: BTreeSet<String>,
}

impl Names {
    fn add(&mut self, name: &str, key: &str, id: &str) {
        self.by_slug.insert(key.to_owned(), id.to_owned());
        let name = slug(name).unwrap_or_default();
        self.by_name.entry(name).or_insert_with(|| id.to_owned());
        self.ids.insert(id.to_owned());
    }

    /// The id of a key; an id is its own.
    fn get(&self, key: &str) -> Option<&str> {
        let id = self.by_slug.get(key).or_else(|| self.by_name.get(key));
        id.or_else(|| self.ids.get(key)).map(String::as_str)
    }
}

impl Ids {
    pub(crate) fn add_category(&mut self, category: &Category) {
        self.categories
            .add(&category.name, &category.slug, &category.id);
    }

    /// A category with this key was merged into the one with this id.
    pub(crate) fn add_merged_category(&mut self, key: &str, id: &str) {
        let by_slug = &mut self.categories.by_slug;
        by_slug.insert(key.to_owned(), id.to_owned());
    }

    pub(crate) fn add_byline(&mut self, byline: &Byline) {
        self.bylines.add(&byline.name, &byline.slug, &byline.id);
    }

    pub(crate) fn add_image(&mut self, source_path: &str, id: &str) {
        self.images.insert(source_path.to_owned(), id.to_owned());
    }

    /// The image from this path never comes to the server.
    pub(crate) fn refuse_image(&mut self, source_path: &str) {
        self.unfit.insert(source_path.to_owned());
    }

    pub(crate) fn category(&self, key: &str) -> Option<&str> {
        self.categories.get(key)
    }

    pub(crate) fn byline(&self, key: &str) -> Option<&str> {
        self.bylines.get(key)
    }

    /// The id of the image that came from a path; an id is its own.
    pub(crate) fn image(&self, source_path: &str) -> Option<&str> {
        let id = self.images.get(source_path).map(String::as_str);
        id.or_else(|| {
            self.images
                .values()
                .map(String::as_str)
                .find(|id| *id == source_path)
        })
    }

    /// The members with ids in place of keys. Keys of what is not on the server yet stay,
    /// unless it never comes.
    pub(crate) fn resolved(&self, members: Members) -> Members {
        self.replaced(members, |key, id| Some(id.unwrap_or(key).to_owned()))
    }

    /// The members with ids in place of keys, without what is not on the server.
    pub(crate) fn known(&self, members: Members) -> Members {
        self.replaced(members, |_, id| id.map(str::to_owned))
    }

    /// The members as they are sent. None when a category or a byline is not on the server; an image
    /// that is not there is left out, since a post can do without.
    pub(crate) fn sent(&self, members: &Members) -> Option<Members> {
        let is_whole = |(name, names): (&str, &Names)| {
            let keys = members.get(name).and_then(Value::as_array);
            let mut keys = keys.into_iter().flatten().filter_map(Value::as_str);
            keys.all(|key| names.get(key).is_some())
        };
        let is_whole = self.lists().into_iter().all(is_whole);
        is_whole.then(|| self.known(members.clone()))
    }

    fn lists(&self) -> [(&'static str, &Names); 2] {
        [
            ("category_ids", &self.categories),
            ("byline_ids", &self.bylines),
        ]
    }

    fn replaced_image(
        &self,
        key: &str,
        replace: impl Fn(&str, Option<&str>) -> Option<String>,
    ) -> Option<String> {
        let is_fit = !self.unfit.contains(key);
        is_fit.then(|| replace(key, self.image(key))).flatten()
    }

    fn replaced(
        &self,
        mut members: Members,
        replace: impl Fn(&str, Option<&str>) -> Option<String>,
    ) -> Members {
        for (name, names) in self.lists() {
            if let Some(Value::Array(keys)) = members.get_mut(name) {
                let written = keys.iter().filter_map(Value::as_str);
                let replaced = written.filter_map(|key| replace(key, names.get(key)));
                // Two of them may be one by now.
                let mut ids: Vec<Value> = Vec::with_capacity(keys.len());
                for id in replaced.map(Value::from) {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                *keys = ids;
            }
        }
        let image = members.get("featured_image_id").and_then(Value::as_str);
        if let Some(id) = image.map(|key| self.replaced_image(key, replace)) {
            match id {
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

    fn members(value: &Value) -> Members {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn two_keys_of_one_category_become_one_id() {
        let mut ids = Ids::default();
        ids.add_merged_category("aws", "1");
        ids.add_merged_category("nube", "1");
        let written = members(&json!({"category_ids": ["aws", "nube"]}));
        let sent = ids.sent(&written).map(Value::Object);
        assert_eq!(sent, Some(json!({"category_ids": ["1"]})));
    }

    #[test]
    fn keys_become_ids_by_slug_and_by_folded_name() {
        let mut ids = Ids::default();
        for (id, name, slug) in [("1", "AWS", "amazon"), ("2", "Nube", "nube")] {
            ids.add_category(&Category {
                id: id.to_owned(),
                name: name.to_owned(),
                slug: slug.to_owned(),
            });
        }
        let written = members(
            &json!({"category_ids": ["aws", "nube", "s3"], "byline_ids": ["ana"], "featured_image_id": "a.png"}),
        );
        let resolved = ids.resolved(written.clone());
        assert_eq!(resolved["category_ids"], json!(["1", "2", "s3"]));
        assert_eq!(ids.resolved(resolved.clone()), resolved);
        assert_eq!(
            Value::Object(ids.known(written.clone())),
            json!({"category_ids": ["1", "2"], "byline_ids": []})
        );
        assert_eq!(ids.sent(&written), None);
        let sent = ids.sent(&members(
            &json!({"category_ids": ["nube"], "featured_image_id": "a.png"}),
        ));
        assert_eq!(sent, Some(members(&json!({"category_ids": ["2"]}))));
        assert_eq!(
            ids.sent(&members(&json!({"byline_ids": null}))),
            Some(members(&json!({"byline_ids": null})))
        );
    }
}
