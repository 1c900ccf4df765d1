use serde_json::json;

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

    /// The query of twenty posts by their ids.
    pub(super) async fn certain(&self) -> String {
        let page = self.anybody("/v1/posts?fields=id").await.is(200).json();
        let ids = page["items"].as_array().unwrap().iter();
        let ids: Vec<_> = ids.map(|row| row["id"].as_str().unwrap()).collect();
        format!("ids={}", ids.join(","))
    }

    /// A tag that all posts have, in a language that none has: the worst that can be asked for.
    pub(super) async fn search_for_what_is_not_there(&self) {
        // So that what is remembered for some seconds is not read now.
        self.anybody("/v1/posts?tag=cost").await.is(200);
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
