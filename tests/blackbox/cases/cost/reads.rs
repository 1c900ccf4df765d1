//! Costs of reading posts.

use serde_json::json;

use super::{desk::Desk, sized::slug};
use crate::harness::{Answer, next_of};

impl Desk<'_> {
    pub(super) async fn read(&mut self, case: &str) -> Answer {
        let post = self.published().await;
        match case {
            "published" => self.anonymous(&post.public_path()).await.is(200),
            "unknown slug" => self.anonymous("/v1/posts/by-slug/unknown").await.is(404),
            "old slug" => {
                let renamed = self
                    .changed(&post, json!({ "slug": slug(self.made, "moved") }))
                    .await;
                self.author.publish(&renamed).await;
                self.anonymous(&post.public_path()).await.is(308)
            }
            "old URL" => {
                let alias = post.seen["aliases"][0].as_str().unwrap().to_owned();
                self.anonymous(&format!("/v1/redirects/resolve?path={alias}"))
                    .await
                    .is(200)
            }
            other => panic!("no call for {other:?}"),
        }
    }

    pub(super) async fn list(&mut self, case: &str) -> Answer {
        if case == "20 by latest change" {
            // Rows of published posts are larger in desk lists.
            for _ in 0..=20 {
                self.published().await;
            }
        }
        let me = self.author.get("/v1/me").send().await.json();
        let query = match case {
            "20 latest" => String::new(),
            "20 of a tag" | "20 of a tag, later page" => "tag=cost".to_owned(),
            "20 of a locale" => "locale=en".to_owned(),
            "20 of a tag in a locale since a date" => {
                "tag=cost&locale=en&published_after=2020-01-01T00:00:00Z".to_owned()
            }
            "20 with bylines and images" => self.related().await,
            "20 with 5 bylines and an image each" => self.all_credited().await,
            "20 by id" => self.certain().await,
            "20 changed since a time" => "status=any&updated_since=2020-01-01T00:00:00Z".to_owned(),
            "20 of a status" => "status=draft".to_owned(),
            "20 of an owner" => format!("status=draft&owner={}", me["id"].as_str().unwrap()),
            "20 by latest change" => "status=any".to_owned(),
            other => panic!("no call for {other:?}"),
        };
        let reader = if query.contains("status") {
            self.author.clone()
        } else {
            self.server.anonymous()
        };
        let page = reader
            .get(&format!("/v1/posts?{query}"))
            .send()
            .await
            .is(200);
        assert_eq!(page.json()["items"].as_array().unwrap().len(), 20);
        if !case.ends_with("later page") {
            return page;
        }
        let next = next_of(page.header("link")).unwrap();
        reader.get(&next).send().await.is(200)
    }

    pub(super) async fn open(&mut self, case: &str) -> Answer {
        let post = match case {
            "with a link" => self.linking().await,
            _ => self.published().await,
        };
        let path = match case {
            "working copy" | "with a link" => post.path(),
            "live copy" => format!("{}?view=live", post.path()),
            "imported" => {
                format!(
                    "/v1/posts/by-source?import=cost&path={}",
                    post.seen["source"]["path"].as_str().unwrap()
                )
            }
            other => panic!("no call for {other:?}"),
        };
        self.author.get(&path).send().await.is(200)
    }
}
