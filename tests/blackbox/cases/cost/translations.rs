use serde_json::json;

use super::desk::Desk;
use crate::harness::{Answer, Post};

impl Desk<'_> {
    /// A published post and its published translation.
    pub(super) async fn translated(&mut self, operation: &str) -> Answer {
        let draft = self.draft().await;
        let source = self.author.publish(&draft).await;
        let made = self.translation(&source).await;
        let path = match operation {
            "create_post" => return made,
            "list_post_translations" => {
                let path = format!("{}/translations", source.path());
                return self.author.get(&path).send().await.is(200);
            }
            _ => format!("/v1/posts/by-slug/{}/translations?locale=en", source.slug()),
        };
        self.author.publish(&Post::of(&made)).await;
        self.anonymous(&path).await.is(200)
    }

    async fn translation(&mut self, source: &Post) -> Answer {
        let mut new = self.next();
        // Keeps these posts out of the measured lists.
        new["tags"] = json!(["translated", "one", "two"]);
        new["locale"] = json!("es");
        new["translation"] = json!({ "of": source.id, "source_revision": 1 });
        self.author
            .post("/v1/posts")
            .json(&new)
            .send()
            .await
            .is(201)
    }
}
