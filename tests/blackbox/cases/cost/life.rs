//! Costs of transitions.

use serde_json::json;

use super::{
    desk::{Desk, tick},
    sized::title,
};
use crate::harness::{Answer, Post};

impl Desk<'_> {
    pub(super) async fn schedule(&mut self, operation: &str, case: &str) -> Answer {
        let post = match case {
            "change of a published post" => {
                let post = self.published().await;
                self.changed(&post, json!({ "title": title("Changed", self.made) }))
                    .await
            }
            _ => self.draft().await,
        };
        let plan = json!({
            "publish_at": "2100-01-01T00:00:00Z", "unpublish_at": "2100-02-01T00:00:00Z",
        });
        let planned = self.author.schedule(&post, &plan).await.is(200);
        if operation == "schedule_post" {
            return planned;
        }
        let planned = Post::of(&planned);
        self.author.transition(&planned, "unschedule").await.is(200)
    }

    pub(super) async fn purge(&mut self) -> Answer {
        let post = self.published().await;
        let trashed = Post::of(&self.author.transition(&post, "trash").await.is(200));
        self.author.purge(&trashed).await.is(204)
    }

    pub(super) async fn transition(&mut self, operation: &str, case: &str) -> Answer {
        let (name, before) = match (operation, case) {
            ("unpublish_post", _) => ("unpublish", Some("publish")),
            ("archive_post", _) => ("archive", Some("publish")),
            ("trash_post", "published") => ("trash", Some("publish")),
            ("trash_post", _) => ("trash", None),
            ("untrash_post", _) => ("untrash", Some("trash")),
            ("submit_post", _) => ("submit", None),
            ("request_post_changes", _) => ("request-changes", Some("submit")),
            _ => panic!("no call for {operation}"),
        };
        let mut post = self.draft().await;
        if let Some(before) = before {
            post = Post::of(&self.author.transition(&post, before).await.is(200));
            tick().await;
        }
        self.author.transition(&post, name).await.is(200)
    }
}
