//! Posts.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod autosave;
mod batch;
mod complex_texts;
mod create;
mod edit;
mod idempotency;
mod lists;
mod public;
mod queries;
mod render;
mod revisions;
mod transitions;
mod translations;

use serde_json::json;

use crate::{
    call::{Answer, Call},
    site::Site,
};

/// Creates a post.
async fn a_post(site: &Site, token: &str, title: &str) -> Answer {
    let body = json!({"title": title, "body": format!("# {title}\n\nTexto.\n"), "tags": ["Rust"]});
    let answer = site.post_as(token, "/v1/posts", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer
}

/// Creates a published post.
async fn a_published_post(site: &Site, token: &str, title: &str) -> Answer {
    let post = a_post(site, token, title).await;
    transition(site, token, &post, "publish").await
}

/// Applies a transition to a post with the version of a response.
async fn transition(site: &Site, token: &str, post: &Answer, name: &str) -> Answer {
    let path = format!("{}/{name}", path(post));
    Call::post(&path)
        .signed(token)
        .based_on(post.etag())
        .to(site)
        .await
}

/// Returns the path of a post.
fn path(post: &Answer) -> String {
    format!("/v1/posts/{}", post.body["id"].as_str().unwrap())
}
