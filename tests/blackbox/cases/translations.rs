//! Translations of posts.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Client, Post, cases, draft, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        of_concurrent_publications_in_one_language_one_is_accepted,
        a_post_cannot_become_a_translation_while_it_is_translated,
        unpublished_translations_are_not_listed_publicly,
    ]
}

/// A translation of a post.
fn into(locale: &str, source: &Post) -> Value {
    let mut post = draft("translation");
    post["locale"] = json!(locale);
    post["translation"] = of(source);
    post
}

fn of(source: &Post) -> Value {
    json!({ "of": source.id, "source_revision": source.seen["revision"] })
}

async fn group(author: &Client, post: &Post) -> Vec<Value> {
    author.walk(&format!("{}/translations", post.path())).await
}

async fn of_concurrent_publications_in_one_language_one_is_accepted() {
    let author = shared::server().administrator().await;
    let source = author.create(&draft("translated")).await;
    let (first, second, third) = (
        author.create(&into("pt", &source)).await,
        author.create(&into("pt", &source)).await,
        author.create(&into("pt", &source)).await,
    );
    let publish = |post| author.transition(post, "publish");
    let answers = tokio::join!(publish(&first), publish(&second), publish(&third));
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    let rows = group(&author, &source).await;
    assert_eq!(rows.len(), 4, "{rows:#?}");
}

async fn a_post_cannot_become_a_translation_while_it_is_translated() {
    let author = shared::server().administrator().await;
    for _ in 0..5 {
        let mut german = draft("between");
        german["locale"] = json!("de");
        let (source, between) = (
            author.create(&draft("source")).await,
            author.create(&german).await,
        );
        let patch = json!({ "translation": of(&source) });
        let below = into("fr", &between);
        let (became, below) = tokio::join!(
            author.change(&between, &patch),
            author.post("/v1/posts").json(&below).send()
        );
        let made = usize::from(became.status == 200) + usize::from(below.status == 201);
        assert!(
            made <= 1,
            "a translation of a translation: {} {}",
            became.status,
            below.status
        );
    }
}

async fn unpublished_translations_are_not_listed_publicly() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let source = author.create_published(&draft("read")).await;
    let draft = author.create(&into("es", &source)).await;
    let path = format!("/v1/posts/by-slug/{}/translations?locale=en", source.slug());
    let shown = async || anonymous.get(&path).send().await.is(200).json()["items"].clone();
    assert_eq!(shown().await, json!([]));
    let published = author.publish(&draft).await;
    assert_eq!(
        shown().await,
        json!([{ "locale": "es", "slug": published.slug() }])
    );
    let edit = json!({ "title": "Secreto", "slug": format!("{}-x", published.slug()) });
    author.change(&published, &edit).await.is(200);
    assert_eq!(
        shown().await,
        json!([{ "locale": "es", "slug": published.slug() }])
    );
    let rows = group(&author, &source).await;
    assert_eq!(
        (&rows[1]["title"], &rows[1]["freshness"]),
        (&json!("Secreto"), &json!("current"))
    );
}
