//! Posts in tests: id, last `ETag` and last body.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client};

/// A post as last read or written.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) etag: String,
    pub(crate) seen: Value,
}

impl Post {
    /// Reads the post in an answer.
    pub(crate) fn of(answer: &Answer) -> Self {
        let seen = answer.json();
        Self {
            id: seen["id"].as_str().expect("a post has an id").to_owned(),
            etag: answer.header("etag").to_owned(),
            seen,
        }
    }

    pub(crate) fn path(&self) -> String {
        format!("/v1/posts/{}", self.id)
    }

    pub(crate) fn slug(&self) -> &str {
        self.seen["slug"].as_str().expect("a post has a slug")
    }

    /// Public path of the post.
    pub(crate) fn public_path(&self) -> String {
        let locale = self.seen["locale"].as_str().expect("a post has a locale");
        format!("/v1/posts/by-slug/{}?locale={locale}", self.slug())
    }
}

impl Client {
    /// Creates a post.
    pub(crate) async fn create(&self, post: &Value) -> Post {
        Post::of(&self.post("/v1/posts").json(post).send().await.is(201))
    }

    /// Updates a post, based on its last `ETag`.
    pub(crate) async fn change(&self, post: &Post, patch: &Value) -> Answer {
        self.patch(&post.path())
            .based_on(&post.etag)
            .json(patch)
            .send()
            .await
    }

    /// Applies a transition, based on the last `ETag`.
    pub(crate) async fn transition(&self, post: &Post, name: &str) -> Answer {
        let path = format!("{}/{name}", post.path());
        self.post(&path).based_on(&post.etag).send().await
    }

    /// Schedules publication and withdrawal.
    pub(crate) async fn schedule(&self, post: &Post, plan: &Value) -> Answer {
        let path = format!("{}/schedule", post.path());
        let call = self.post(&path).based_on(&post.etag);
        call.json(plan).send().await
    }

    /// Removes a post from the trash permanently.
    pub(crate) async fn purge(&self, post: &Post) -> Answer {
        let call = self.call(Method::DELETE, &post.path());
        call.based_on(&post.etag).send().await
    }

    /// Publishes a post.
    pub(crate) async fn publish(&self, post: &Post) -> Post {
        Post::of(&self.transition(post, "publish").await.is(200))
    }

    /// Creates and publishes a post.
    pub(crate) async fn create_published(&self, post: &Value) -> Post {
        let post = self.create(post).await;
        self.publish(&post).await
    }

    /// Reads all pages of a list by following `Link`.
    pub(crate) async fn walk(&self, path: &str) -> Vec<Value> {
        let mut items = vec![];
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let answer = self.get(&path).send().await.is(200);
            items.extend(answer.json()["items"].as_array().unwrap().iter().cloned());
            next = next_of(answer.header("link"));
        }
        items
    }
}

/// Target of `rel="next"`.
pub(crate) fn next_of(link: &str) -> Option<String> {
    let (target, relation) = link.strip_prefix('<')?.split_once('>')?;
    (relation == "; rel=\"next\"").then(|| target.to_owned())
}

/// A word that is unique in this run.
pub(crate) fn unique(stem: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{stem}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A small post with a unique slug.
pub(crate) fn draft(stem: &str) -> Value {
    let slug = unique(stem);
    json!({ "title": format!("Title of {slug}"), "slug": slug, "body": format!("# {slug}\n\nA text.\n"), "locale": "en" })
}
