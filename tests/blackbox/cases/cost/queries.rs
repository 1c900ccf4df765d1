use std::iter;

use serde_json::{Value, json};

use super::{desk::Desk, sized::post};
use crate::{
    costs::Cost,
    harness::{Answer, Setup, gif, unique},
};

/// Upper limit of a list page's cost, wherever the matching posts are.
const MOST: (u32, f64) = (4, 64.0);

impl Desk<'_> {
    /// Query for twenty posts with one byline and one image.
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

    /// Twenty posts each in a category and its four descendants, on a separate server, because the
    /// tree costs more with every category.
    pub(super) async fn branch(&mut self) -> Answer {
        if self.aside.is_none() {
            let server = Setup::memory().with("TINTERO_CACHE_BYTES", "0").start();
            let author = server.administrator().await;
            let category = async |new: Value| {
                let made = author.post("/v1/categories").json(&new).send().await;
                made.is(201).json()["id"].clone()
            };
            let top = category(json!({ "name": unique("top") })).await;
            let mut all = vec![top.clone()];
            for _ in 0..4 {
                let below = json!({ "name": unique("below"), "parent_id": top });
                all.push(category(below).await);
            }
            for (number, category) in iter::repeat_n(all, 20).flatten().enumerate() {
                let mut new = post(number);
                new["category_ids"] = json!([category]);
                author.create_published(&new).await;
            }
            let top = top.as_str().unwrap();
            let list = format!("/v1/posts?category={top}&descendants=true");
            self.aside = Some((server, list));
        }
        let (server, list) = self.aside.as_ref().expect("the server was just started");
        let ask = || server.anonymous().get(list).send();
        // From here on the tree and the next scheduled change are cached.
        ask().await.is(200);
        ask().await.is(200)
    }

    /// Query for twenty posts with five bylines and an image each, all different.
    pub(super) async fn all_credited(&mut self) -> String {
        if let Some(query) = &self.credited {
            return query.clone();
        }
        let tag = unique("credited");
        for _ in 0..20 {
            let mut new = self.next();
            let mut bylines = Vec::new();
            for _ in 0..5 {
                let name = json!({ "name": unique("credited") });
                let byline = self.author.post("/v1/bylines").json(&name).send().await;
                bylines.push(byline.is(201).json()["id"].clone());
            }
            let image = self.author.post("/v1/images").form(&gif(), &[]);
            new["featured_image_id"] = image.send().await.is(201).json()["id"].clone();
            new["tags"] = json!([tag]);
            new["byline_ids"] = json!(bylines);
            self.author.create_published(&new).await;
        }
        let query = format!("tag={tag}&fields=title,slug&include=categories,bylines,images");
        self.credited.insert(query).clone()
    }

    /// Query for twenty posts by id.
    pub(super) async fn certain(&self) -> String {
        let page = self.anonymous("/v1/posts?fields=id").await.is(200).json();
        let ids = page["items"].as_array().unwrap().iter();
        let ids: Vec<_> = ids.map(|row| row["id"].as_str().unwrap()).collect();
        format!("ids={}", ids.join(","))
    }

    /// A tag of all posts with a locale of none: the most expensive filter.
    pub(super) async fn unknown_names_are_404(&self) {
        // Fills the caches, so that the measured request does not.
        self.anonymous("/v1/posts?tag=cost").await.is(200);
        let path = "/v1/posts?tag=cost&locale=es";
        let page = self.anonymous(path).await.is(200);
        let cost = Cost::parse(page.header("tintero-cost"));
        assert!(cost.requests <= MOST.0 && cost.rcu <= MOST.1, "{cost}");
        assert_eq!(page.json()["page"]["has_next"], true, "more rows remain");
        let found = self.server.anonymous().walk(path).await;
        assert!(found.is_empty(), "no post has this locale");
    }
}
