//! Costs of categories, tags and bylines.

use reqwest::Method;
use serde_json::json;

use super::{desk::Desk, sized::slug};
use crate::harness::Answer;

impl Desk<'_> {
    /// Categories and bylines have the same operations. Only `create` adds one: reads of the tree
    /// cost more with every category. The others change the last one, which empties the cache.
    pub(super) async fn named(&mut self, path: &str, operation: &str) -> Answer {
        let verb = operation.split('_').next().unwrap_or_default();
        if verb == "create" || !self.created.contains_key(path) {
            self.made += 1;
            let new = json!({ "name": slug(self.made, "Name") });
            let made = self.author.post(path).json(&new).send().await.is(201);
            let etag = made.header("etag").to_owned();
            let one = (made.header("location").to_owned(), etag);
            self.created.insert(path.to_owned(), one);
            if verb == "create" {
                return made;
            }
        }
        self.made += 1;
        let change = json!({ "name": slug(self.made, "Other") });
        let (location, etag) = &self.created[path];
        let call = self.author.patch(location).based_on(etag);
        let changed = call.json(&change).send().await.is(200);
        let one = format!("{path}/{}", changed.json()["slug"].as_str().unwrap());
        if let Some((_, etag)) = self.created.get_mut(path) {
            changed.header("etag").clone_into(etag);
        }
        match verb {
            "get" => self.anonymous(&one).await.is(200),
            "list" => self.anonymous(path).await.is(200),
            _ => changed,
        }
    }

    /// A change of the settings of the site.
    pub(super) async fn change_site(&mut self) -> Answer {
        self.made += 1;
        let read = self.anonymous("/v1/site").await.is(200);
        let call = self.author.patch("/v1/site").based_on(read.header("etag"));
        let change = json!({ "description": slug(self.made, "Notas") });
        call.json(&change).send().await.is(200)
    }

    /// Path of a new category.
    pub(super) async fn category(&mut self) -> String {
        self.made += 1;
        let new = json!({ "name": slug(self.made, "Name") });
        let made = self.author.post("/v1/categories").json(&new).send().await;
        made.is(201).header("location").to_owned()
    }

    pub(super) async fn merge(&mut self, operation: &str, case: &str) -> Answer {
        // Reads of the tree cost more with every category, so only the required ones are created.
        if self.successor.is_empty() {
            self.successor = self.category().await;
        }
        let into = self.successor.rsplit('/').next().unwrap_or_default();
        let into = into.to_owned();
        let post = |path: &str| self.author.post(path).based_on("\"1.1\"");
        match operation {
            "merge_category" | "delete_category" => {}
            "list_operations" => {
                return self
                    .author
                    .get("/v1/operations?limit=5")
                    .send()
                    .await
                    .is(200);
            }
            "get_operation" => return self.author.get(&self.operation).send().await.is(200),
            _ => {
                let cancel = format!("{}/cancel", self.operation);
                return post(&cancel).send().await.is(200);
            }
        }
        let from = self.category().await;
        let call = |method, path: &str| self.author.call(method, path).based_on("\"1.1\"");
        match (operation, case) {
            ("delete_category", "empty") => call(Method::DELETE, &from).send().await.is(204),
            ("delete_category", _) => {
                let path = format!("{from}?reassign_to={into}");
                call(Method::DELETE, &path).send().await.is(202)
            }
            _ => {
                let merge = call(Method::POST, &format!("{from}/merge"));
                let begun = merge.json(&json!({ "into": into })).send().await.is(202);
                begun.header("location").clone_into(&mut self.operation);
                begun
            }
        }
    }

    async fn byline(&mut self) -> String {
        self.made += 1;
        let new = json!({ "name": slug(self.made, "Name") });
        let made = self.author.post("/v1/bylines").json(&new).send().await;
        made.is(201).header("location").to_owned()
    }

    /// A byline without posts, which is deleted or merged.
    pub(super) async fn retire_byline(&mut self, operation: &str, case: &str) -> Answer {
        let (from, into) = (self.byline().await, self.byline().await);
        let into = into.rsplit('/').next().unwrap_or_default();
        let call = |method, path: &str| self.author.call(method, path).based_on("\"1.1\"");
        match (operation, case) {
            ("delete_byline", "unused") => call(Method::DELETE, &from).send().await.is(204),
            ("delete_byline", _) => {
                let path = format!("{from}?reassign_to={into}");
                call(Method::DELETE, &path).send().await.is(202)
            }
            _ => {
                let merge = call(Method::POST, &format!("{from}/merge"));
                merge.json(&json!({ "into": into })).send().await.is(202)
            }
        }
    }

    /// A tag to rename, with one post.
    pub(super) async fn retire_tag(&mut self, operation: &str) -> Answer {
        self.made += 1;
        let tag = slug(self.made, "tag");
        let mut new = self.next();
        new["tags"] = json!([tag]);
        self.author.create_published(&new).await;
        let path = format!("/v1/tags/{tag}");
        let call = if operation == "rename_tag" {
            let name = json!({ "name": slug(self.made, "other") });
            self.author.patch(&path).json(&name)
        } else {
            let merge = self.author.post(&format!("{path}/merge"));
            merge.json(&json!({ "into": "tag-000002" }))
        };
        call.send().await.is(202)
    }
}
