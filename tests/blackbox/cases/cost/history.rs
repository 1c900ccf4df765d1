//! Costs of revisions and autosaves.

use reqwest::Method;
use serde_json::json;

use super::{desk::Desk, sized::text};
use crate::harness::Answer;

impl Desk<'_> {
    /// Reads a history with one text more than fits on a page.
    pub(super) async fn look_back(&mut self, operation: &str) -> Answer {
        let mut post = self.draft().await;
        if operation == "list_post_revisions" {
            for n in 0..20 {
                let text = text(self.made + n);
                post = self.changed(&post, json!({ "body": text })).await;
            }
        } else {
            let text = text(self.made + 1_000_000);
            post = self.changed(&post, json!({ "body": text })).await;
        }
        let path = format!("{}/revisions", post.path());
        let path = match operation {
            "list_post_revisions" => path,
            "get_post_revision" => format!("{path}/1"),
            _ => format!("{path}/2/diff?from=1"),
        };
        self.author.get(&path).send().await.is(200)
    }

    pub(super) async fn restore(&mut self) -> Answer {
        let post = self.draft().await;
        let text = text(self.made + 1_000_000);
        let post = self.changed(&post, json!({ "body": text })).await;
        let path = format!("{}/revisions/1/restore", post.path());
        let call = self.author.post(&path).based_on(&post.etag);
        call.send().await.is(200)
    }

    pub(super) async fn render(&mut self, case: &str) -> Answer {
        let mut render = json!({ "body": text(self.made + 1_000_000) });
        if case == "of an imported post" {
            render["post_id"] = json!(self.draft().await.id);
        }
        let call = self.author.post("/v1/render").json(&render);
        call.send().await.is(200)
    }

    pub(super) async fn put_aside(&mut self, operation: &str) -> Answer {
        let post = self.draft().await;
        let path = format!("{}/autosave", post.path());
        let aside = json!({ "base_revision": 1, "body": text(self.made + 1_000_000) });
        let call = self.author.call(Method::PUT, &path).json(&aside);
        let put = call.send().await.is(200);
        match operation {
            "put_post_autosave" => put,
            "get_post_autosave" => self.author.get(&path).send().await.is(200),
            _ => {
                let call = self.author.call(Method::DELETE, &path);
                call.send().await.is(204)
            }
        }
    }
}
