//! Costs of creating, updating and publishing posts.

use serde_json::json;

use super::{
    desk::Desk,
    sized::{slug, text, title},
};
use crate::harness::Answer;

impl Desk<'_> {
    pub(super) async fn create(&mut self, case: &str) -> Answer {
        let mut new = self.next();
        if case == "published" {
            new["status"] = json!("published");
        }
        let key = format!("cost-{}", self.made);
        let call = || self.author.post("/v1/posts").json(&new);
        match case {
            "3 tags" | "published" => call().send().await.is(201),
            "with Idempotency-Key" => call().header("Idempotency-Key", &key).send().await.is(201),
            "repeated" => {
                call().header("Idempotency-Key", &key).send().await.is(201);
                call().header("Idempotency-Key", &key).send().await.is(201)
            }
            "slug taken" => {
                self.author.create_published(&new).await;
                let mut other = self.next();
                other["slug"] = new["slug"].clone();
                self.author
                    .post("/v1/posts")
                    .json(&other)
                    .send()
                    .await
                    .is(409)
            }
            other => panic!("no call for {other:?}"),
        }
    }

    pub(super) async fn update(&mut self, case: &str) -> Answer {
        let post = if case.contains("published") {
            self.published().await
        } else {
            self.draft().await
        };
        let patch = match case {
            "title" | "stale" | "merged" => json!({ "title": title("Changed", self.made) }),
            "text" => json!({ "body": text(self.made + 1_000_000) }),
            "slug of a published post" => json!({ "slug": slug(self.made, "moved") }),
            other => panic!("no call for {other:?}"),
        };
        match case {
            "stale" => {
                self.changed(&post, json!({ "title": title("Earlier", self.made) }))
                    .await;
                self.author.change(&post, &patch).await.is(412)
            }
            "merged" => {
                self.changed(&post, json!({ "tags": ["other"] })).await;
                let merging = format!("{}?merge=auto", post.path());
                let call = self.author.patch(&merging).based_on(&post.etag);
                call.json(&patch).send().await.is(200)
            }
            _ => self.author.change(&post, &patch).await.is(200),
        }
    }

    pub(super) async fn publish(&mut self, case: &str) -> Answer {
        let post = match case {
            "first time" => self.draft().await,
            "first time, with a link" => self.linking().await,
            _ => self.published().await,
        };
        let post = match case {
            "first time" | "first time, with a link" => post,
            "after a change" => {
                self.changed(&post, json!({ "title": title("Changed", self.made) }))
                    .await
            }
            "at a new slug" => {
                self.changed(&post, json!({ "slug": slug(self.made, "moved") }))
                    .await
            }
            other => panic!("no call for {other:?}"),
        };
        self.author.transition(&post, "publish").await.is(200)
    }
}
