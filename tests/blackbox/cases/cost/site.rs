//! Costs of the reads of site generators.

use serde_json::json;

use super::desk::{Desk, tick};
use crate::harness::{Answer, Post, unique};

impl Desk<'_> {
    /// A list for site generators. `None` for other cases.
    pub(super) async fn of_site(&mut self, case: &str) -> Option<Answer> {
        let path = match case {
            "20 of two tags" => self.with_two_tags().await,
            "20 in the better of two languages" => self.preferred().await,
            "25 with their texts" => "/v1/posts?limit=25&fields=title,html".to_owned(),
            "20 public changes" => self.changes(None).await,
            "20 removed addresses" => self.changes(Some("unpublish")).await,
            "20 by planned time" => {
                self.planned().await;
                let path = "/v1/posts?status=scheduled&sort=publish_at";
                let page = self.author.get(path).send().await.is(200);
                assert_eq!(page.json()["items"].as_array().unwrap().len(), 20);
                return Some(page);
            }
            _ => return None,
        };
        let page = self.anonymous(&path).await.is(200);
        let json = page.json();
        let count = |name: &str| json[name].as_array().map_or(0, Vec::len);
        let expected: usize = case[..2].parse().unwrap();
        assert_eq!(count("items") + count("removed"), expected, "{json}");
        Some(page)
    }

    /// Twenty posts with a common and a rare tag.
    async fn with_two_tags(&mut self) -> String {
        let rare = unique("rare");
        for _ in 0..20 {
            let mut new = self.next();
            new["tags"] = json!(["cost", rare]);
            self.author.create_published(&new).await;
        }
        format!("/v1/posts?tag=cost&tag={rare}")
    }

    /// Twenty posts, of which the second language is the only one.
    async fn preferred(&mut self) -> String {
        let tag = unique("preferred");
        for _ in 0..20 {
            let mut new = self.next();
            new["tags"] = json!([tag]);
            new["locale"] = json!("es");
            self.author.create_published(&new).await;
        }
        format!("/v1/posts?tag={tag}&locale=es-MX,es")
    }

    /// The query for the last twenty changes, after a transition of the same posts.
    async fn changes(&mut self, transition: Option<&str>) -> String {
        let mut posts = Vec::new();
        for _ in 0..20 {
            posts.push(self.published().await);
        }
        let mut first = posts[0].clone();
        if let Some(name) = transition {
            for (nth, post) in posts.iter().enumerate() {
                tick().await;
                let changed = Post::of(&self.author.transition(post, name).await.is(200));
                if nth == 0 {
                    first = changed;
                }
            }
        }
        let since = first.seen["updated_at"].as_str().unwrap();
        format!("/v1/posts?updated_since={since}")
    }

    async fn planned(&mut self) {
        for _ in 0..20 {
            let draft = self.draft().await;
            let plan = json!({ "publish_at": "2100-01-01T00:00:00Z" });
            self.author.schedule(&draft, &plan).await.is(200);
        }
    }

    pub(super) async fn read_in_second(&mut self) -> Answer {
        let post = self.published().await;
        let path = format!("/v1/posts/by-slug/{}?locale=es-MX,en", post.slug());
        self.anonymous(&path).await.is(200)
    }

    pub(super) async fn unknown(&mut self, operation: &str) -> Answer {
        let mut path = String::new();
        for _ in 0..20 {
            path = format!("/v1/redirects/resolve?path=/{}", unique("unknown"));
            self.anonymous(&path).await.is(404);
        }
        // Stores the requests, so that the measured request does not.
        let list = self
            .author
            .get("/v1/redirects/unknown")
            .send()
            .await
            .is(200);
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 20);
        if operation == "list_unknown_addresses" {
            return self
                .author
                .get("/v1/redirects/unknown")
                .send()
                .await
                .is(200);
        }
        let path = path.replace("/resolve", "/unknown");
        let call = self.author.call(reqwest::Method::DELETE, &path);
        call.send().await.is(204)
    }
}
