use serde_json::{Value, json};

use super::desk::Desk;
use crate::{
    costs::Cost,
    harness::{gif, unique},
};

/// What a page of a list may cost at most, wherever what is wanted lies.
const MOST: (u32, f64) = (4, 64.0);

impl Desk<'_> {
    /// The query of twenty posts with one byline and one image.
    pub(super) async fn related(&mut self) -> String {
        let tag = unique("related");
        let name = json!({ "name": tag });
        let byline = self.author.post("/v1/bylines").json(&name).send().await;
        let byline = byline.is(201).json();
        let image = self.author.post("/v1/images").form(&gif(), &[]);
        let image = image.send().await.json();
        for _ in 0..20 {
            let mut new = self.next();
            new["tags"] = json!([tag]);
            new["byline_ids"] = json!([byline["id"]]);
            new["featured_image_id"] = image["id"].clone();
            self.author.create_published(&new).await;
        }
        format!("tag={tag}&include=bylines,images")
    }

    /// The query of posts in a category and four below it, twenty in each. The tree was read a
    /// moment ago.
    pub(super) async fn branch(&mut self) -> String {
        const CASE: &str = "20 of a category and 4 below it";
        if !self.queries.contains_key(CASE) {
            let top = self.made_category(&json!({ "name": unique("t") })).await;
            let mut all = vec![top.clone()];
            for _ in 0..4 {
                let below = json!({ "name": unique("t"), "parent_id": top });
                all.push(self.made_category(&below).await);
            }
            for category in all {
                for _ in 0..20 {
                    let mut new = self.next();
                    new["category_ids"] = json!([category]);
                    self.author.create_published(&new).await;
                }
            }
            let top = top.as_str().unwrap();
            let query = format!("category={top}&descendants=true");
            self.queries.insert(CASE, query);
        }
        self.again(CASE).await
    }

    /// The query of twenty posts with five bylines and an image each, no two of them the same. The
    /// tree was read a moment ago.
    pub(super) async fn all_credited(&mut self) -> String {
        const CASE: &str = "20 with 5 bylines and an image each";
        if !self.queries.contains_key(CASE) {
            let tag = unique("related");
            for _ in 0..20 {
                let mut new = self.next();
                let mut bylines = Vec::new();
                for _ in 0..5 {
                    let name = json!({ "name": unique("related") });
                    let byline = self.author.post("/v1/bylines").json(&name).send().await;
                    bylines.push(byline.is(201).json()["id"].clone());
                }
                let image = self.author.post("/v1/images").form(&gif(), &[]);
                new["featured_image_id"] = image.send().await.is(201).json()["id"].clone();
                new["tags"] = json!([tag]);
                new["byline_ids"] = json!(bylines);
                self.author.create_published(&new).await;
            }
            let include = "fields=title,slug&include=categories,bylines,images";
            self.queries.insert(CASE, format!("tag={tag}&{include}"));
        }
        self.again(CASE).await
    }

    async fn made_category(&self, new: &Value) -> Value {
        let made = self.author.post("/v1/categories").json(new).send().await;
        made.is(201).json()["id"].clone()
    }

    /// A query that is known, and was asked just now.
    async fn again(&self, case: &str) -> String {
        let query = self.queries[case].clone();
        self.anybody(&format!("/v1/posts?{query}")).await.is(200);
        query
    }

    /// The query of twenty posts by their ids.
    pub(super) async fn certain(&self) -> String {
        let page = self.anybody("/v1/posts?fields=id").await.is(200).json();
        let ids = page["items"].as_array().unwrap().iter();
        let ids: Vec<_> = ids.map(|row| row["id"].as_str().unwrap()).collect();
        format!("ids={}", ids.join(","))
    }

    /// A tag that all posts have, in a language that none has: the worst that can be asked for.
    pub(super) async fn search_for_what_is_not_there(&self) {
        let path = "/v1/posts?tag=cost&locale=es";
        let page = self.anybody(path).await.is(200);
        let cost = Cost::told(page.header("tintero-cost"));
        assert!(cost.requests <= MOST.0 && cost.rcu <= MOST.1, "{cost}");
        assert_eq!(
            page.json()["page"]["has_next"],
            true,
            "there is more to look at"
        );
        let found = self.server.anybody().walk(path).await;
        assert!(found.is_empty(), "nothing is in this language");
    }
}
