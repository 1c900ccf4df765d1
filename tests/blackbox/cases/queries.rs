//! List filters, links and fields.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Setup, cases, draft, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        combined_filters_list_exactly_the_matching_posts,
        following_changes_shows_the_final_state_of_every_post,
        posts_by_id_keep_their_order_and_report_missing_ids,
    ]
}

fn ids(rows: &[Value]) -> Vec<String> {
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    rows.iter().map(id).collect()
}

async fn combined_filters_list_exactly_the_matching_posts() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let (common, rare) = (unique("common"), unique("rare"));
    let byline = author.post("/v1/bylines").json(&json!({ "name": rare }));
    let byline = byline.send().await.is(201).json();
    let mut expected = vec![];
    for number in 0..60 {
        let mut post = draft("facets");
        post["tags"] = json!([common]);
        post["locale"] = json!(["en", "es", "pt"][number % 3]);
        if number % 4 == 0 {
            post["byline_ids"] = json!([byline["id"]]);
        }
        let made = author.create_published(&post).await;
        if number % 12 == 0 {
            expected.push(made.id);
        }
    }
    expected.reverse();
    for limit in [1, 2, 100] {
        let path =
            format!("/v1/posts?tag={common}&author={rare}&locale=en&limit={limit}&fields=id");
        assert_eq!(ids(&anonymous.walk(&path).await), expected, "by {limit}");
    }
}

async fn following_changes_shows_the_final_state_of_every_post() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let mut posts = vec![];
    for _ in 0..30 {
        posts.push(author.create(&draft("followed")).await);
    }
    let since = posts[10].seen["updated_at"].as_str().unwrap();
    for post in &posts[..5] {
        author
            .change(post, &json!({ "title": "Changed" }))
            .await
            .is(200);
    }
    let path = format!("/v1/posts?status=any&updated_since={since}&limit=7");
    let rows = author.walk(&path).await;
    let seen: BTreeSet<_> = ids(&rows).into_iter().collect();
    let due = posts[..5].iter().chain(&posts[10..]);
    let due: BTreeSet<_> = due.map(|post| post.id.clone()).collect();
    assert!(due.is_subset(&seen), "{rows:#?}");
    let moments: Vec<_> = rows
        .iter()
        .map(|row| row["updated_at"].as_str().unwrap())
        .collect();
    assert!(moments.is_sorted(), "the earliest change is first");
    let changed = rows.iter().filter(|row| row["title"] == "Changed").count();
    assert_eq!(changed, 5);
}

async fn posts_by_id_keep_their_order_and_report_missing_ids() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut made = vec![];
    for _ in 0..100 {
        made.push(author.create_published(&draft("by-id")).await.id);
    }
    made.reverse();
    let hidden = author.create(&draft("by-id")).await.id;
    made[50].clone_from(&hidden);
    let path = format!("/v1/posts?ids={}&fields=id", made.join(","));
    let answer = anonymous.get(&path).send().await.is(200).json();
    let found = ids(answer["items"].as_array().unwrap());
    let visible: Vec<_> = made.iter().filter(|id| **id != hidden).cloned().collect();
    assert_eq!(found, visible);
    assert_eq!(answer["missing"], json!([hidden]));
    let path = format!("/v1/posts?status=any&ids={}", made.join(","));
    let answer = author.get(&path).send().await.is(200).json();
    assert_eq!(ids(answer["items"].as_array().unwrap()), made);
}
