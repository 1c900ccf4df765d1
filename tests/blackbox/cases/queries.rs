//! List filters, links and fields.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Post, Setup, cases, draft, next_of, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        combined_filters_list_exactly_the_matching_posts,
        following_changes_shows_the_final_state_of_every_post,
        posts_by_id_keep_their_order_and_report_missing_ids,
        a_build_of_a_hundred_posts_takes_four_requests,
        an_incremental_build_gets_changes_and_removals,
        the_preferred_language_of_each_work_is_listed,
        scheduled_posts_are_listed_by_planned_time,
    ]
}

async fn a_build_of_a_hundred_posts_takes_four_requests() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    for number in 0..100 {
        let mut post = draft("built");
        post["body"] = json!(format!("# {number}\n\n{}", "A sentence. ".repeat(500)));
        author.create_published(&post).await;
    }
    let anonymous = server.anonymous();
    let mut path = Some("/v1/posts?limit=25&fields=slug,locale,title,body,html".to_owned());
    let (mut requests, mut rows) = (0, Vec::new());
    while let Some(page) = path {
        let answer = anonymous.get(&page).send().await.is(200);
        rows.extend(answer.json()["items"].as_array().unwrap().clone());
        path = next_of(answer.header("link"));
        requests += 1;
    }
    assert_eq!((requests, rows.len()), (4, 100));
    for row in rows.iter().step_by(17) {
        let slug = row["slug"].as_str().unwrap();
        let path = format!("/v1/posts/by-slug/{slug}");
        let post = anonymous.get(&path).send().await.is(200).json();
        for member in ["body", "html", "title"] {
            assert_eq!(row[member], post[member]);
        }
    }
    let too_many = "/v1/posts?limit=26&fields=body";
    let refused = anonymous.get(too_many).send().await;
    let problem = refused.refused(400, "bad_query");
    assert_eq!(problem["errors"][0]["parameter"], "limit");
}

async fn an_incremental_build_gets_changes_and_removals() {
    let server = Setup::memory().start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let kept = author.create_published(&draft("kept")).await;
    let moved = author.create_published(&draft("moved")).await;
    let withdrawn = author.create_published(&draft("withdrawn")).await;
    let start = kept.seen["published_at"].as_str().unwrap();
    let changes = async |since: &str| {
        let path = format!("/v1/posts?updated_since={since}&fields=slug,html");
        anonymous.get(&path).send().await.is(200).json()
    };
    let first = changes(start).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 3);
    assert_eq!(first["removed"], json!([]));
    let slug = unique("elsewhere");
    let renamed = author.change(&moved, &json!({ "slug": slug })).await;
    author.publish(&Post::of(&renamed.is(200))).await;
    author.transition(&withdrawn, "unpublish").await.is(200);
    let second = changes(first["next_updated_since"].as_str().unwrap()).await;
    let items = second["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["slug"] == json!(slug)));
    let removed: BTreeSet<_> = second["removed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gone| {
            let text = |name: &str| gone[name].as_str().unwrap().to_owned();
            (text("slug"), text("reason"))
        })
        .collect();
    let expected = [(moved.slug(), "moved"), (withdrawn.slug(), "unpublished")];
    let expected = expected.map(|(slug, reason)| (slug.to_owned(), reason.to_owned()));
    assert_eq!(removed, BTreeSet::from(expected));
    let forgotten = "/v1/posts?updated_since=2020-01-01T00:00:00Z";
    let problem = anonymous
        .get(forgotten)
        .send()
        .await
        .refused(400, "bad_query");
    assert_eq!(problem["errors"][0]["parameter"], "updated_since");
}

async fn the_preferred_language_of_each_work_is_listed() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let tag = unique("language");
    let publish = async |locale: &str, of: Option<&Post>| {
        let mut new = draft("work");
        new["locale"] = json!(locale);
        new["tags"] = json!([tag, "work"]);
        if let Some(of) = of {
            new["translation"] = json!({ "of": of.id, "source_revision": 1 });
        }
        author.create_published(&new).await
    };
    let spanish = publish("es", None).await;
    let mexican = publish("es-MX", Some(&spanish)).await;
    let only = publish("es", None).await;
    publish("en", None).await;
    let listed = async |locales: &str| {
        let path = format!("/v1/posts?tag={tag}&tag=work&fields=id&locale={locales}");
        ids(&anonymous.walk(&path).await)
    };
    assert_eq!(listed("es-MX,es").await, [&*only.id, &*mexican.id]);
    assert_eq!(listed("es,es-MX").await, [&*only.id, &*spanish.id]);
    assert_eq!(listed("es-MX").await, [&*mexican.id]);
    let path = format!("/v1/posts/by-slug/{}?locale=es-MX,es", only.slug());
    assert_eq!(
        anonymous.get(&path).send().await.is(200).json()["id"],
        json!(only.id)
    );
    let four = "/v1/posts?locale=es,en,fr,pt";
    let problem = anonymous.get(four).send().await.refused(400, "bad_query");
    assert_eq!(problem["errors"][0]["parameter"], "locale");
}

async fn scheduled_posts_are_listed_by_planned_time() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let mut expected = Vec::new();
    for day in [3, 1, 2] {
        let post = author.create(&draft("planned")).await;
        let plan = json!({ "publish_at": format!("2100-01-0{day}T00:00:00Z") });
        author.schedule(&post, &plan).await.is(200);
        expected.push((day, post.id));
    }
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    let path = "/v1/posts?status=scheduled&sort=publish_at&limit=2";
    assert_eq!(ids(&author.walk(path).await), expected);
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
