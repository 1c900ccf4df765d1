//! Redirects.

use std::collections::BTreeSet;

use futures::future::join_all;
use libtest_mimic::Trial;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Setup, cases, draft, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_redirect_applies_until_it_is_removed,
        concurrent_redirects_cannot_form_a_loop,
        exports_and_resolution_agree,
        unknown_addresses_are_listed_until_they_are_redirected_or_dismissed,
        counts_of_unknown_addresses_survive_a_restart,
        a_key_for_builds_reads_redirects_and_writes_nothing,
    ]
}

async fn make(editor: &Client, from: &str, to: &str) -> Answer {
    let new = json!({ "from": from, "to": to });
    editor.post("/v1/redirects").json(&new).send().await
}

async fn resolve(anonymous: &Client, path: &str) -> Answer {
    anonymous
        .get(&format!("/v1/redirects/resolve?path={path}"))
        .send()
        .await
}

async fn a_redirect_applies_until_it_is_removed() {
    let server = shared::server();
    let (anonymous, editor) = (server.anonymous(), server.administrator().await);
    let path = format!("/{}", unique("leads"));
    let made = make(&editor, &path, "https://example.org/a b")
        .await
        .is(201);
    assert_eq!(
        resolve(&anonymous, &path).await.is(200).json()["location"],
        "https://example.org/a%20b"
    );
    make(&editor, &path, "/other")
        .await
        .refused(409, "alias_taken");
    let one = made.header("location");
    editor.get(one).send().await.is(200);
    let listed = editor.walk("/v1/redirects?limit=100").await;
    assert!(listed.contains(&made.json()));
    editor
        .call(reqwest::Method::DELETE, one)
        .send()
        .await
        .is(204);
    resolve(&anonymous, &path).await.refused(404, "not_found");
}

async fn concurrent_redirects_cannot_form_a_loop() {
    let server = shared::server();
    let (anonymous, editor) = (server.anonymous(), server.administrator().await);
    for _ in 0..5 {
        let paths: Vec<_> = (0..3).map(|_| format!("/{}", unique("circle"))).collect();
        let around = (0..3).map(|n| make(&editor, &paths[n], &paths[(n + 1) % 3]));
        let statuses: Vec<_> = join_all(around)
            .await
            .iter()
            .map(|answer| answer.status)
            .collect();
        let made = statuses.iter().filter(|status| **status == 201).count();
        assert!(made < 3, "one of them must be rejected: {statuses:?}");
        for path in &paths {
            let answer = resolve(&anonymous, path).await;
            assert!([200, 404].contains(&answer.status), "{}", answer.status);
        }
    }
}

/// Paths and targets in an export.
async fn exported(editor: &Client, format: &str) -> Answer {
    editor
        .get(&format!("/v1/redirects/export?format={format}"))
        .send()
        .await
        .is(200)
}

async fn exports_and_resolution_agree() {
    let server = Setup::memory().start();
    let (anonymous, editor) = (server.anonymous(), server.administrator().await);
    for number in 0..130 {
        let mut post = draft("exported");
        post["aliases"] = json!([format!("/old/{number}/ñ $x; \"y\".html")]);
        editor.create_published(&post).await;
    }
    make(&editor, "/a", "/old/7/ñ $x; \"y\".html").await.is(201);
    let json = exported(&editor, "json").await.json();
    let lines = json["redirects"].as_array().unwrap();
    let paths: BTreeSet<_> = lines
        .iter()
        .map(|line| line["from"].as_str().unwrap())
        .collect();
    assert_eq!((lines.len(), paths.len()), (131, 131));
    for line in lines.iter().take(20) {
        let path = utf8_percent_encode(line["from"].as_str().unwrap(), NON_ALPHANUMERIC);
        let found = resolve(&anonymous, &path.to_string()).await.is(200).json();
        assert_eq!(
            slug(&found),
            line["to"].as_str().unwrap().trim_start_matches('/')
        );
    }
    for format in ["nginx", "netlify"] {
        let text = exported(&editor, format).await;
        let text = String::from_utf8(text.body).unwrap();
        assert_eq!(text.matches("/exported-").count(), 131, "{format}");
    }
}

/// The paths and counts of the unknown addresses that start with a prefix.
async fn unknown(editor: &Client, prefix: &str) -> Vec<(String, u64)> {
    let rows = editor.walk("/v1/redirects/unknown?limit=100").await;
    let rows = rows.iter().map(|row| {
        let path = row["path"].as_str().unwrap().to_owned();
        (path, row["count"].as_u64().unwrap())
    });
    rows.filter(|(path, _)| path.starts_with(prefix)).collect()
}

async fn unknown_addresses_are_listed_until_they_are_redirected_or_dismissed() {
    let server = Setup::memory().start();
    let (anonymous, editor) = (server.anonymous(), server.administrator().await);
    let prefix = format!("/{}/", unique("lost"));
    for (name, times) in [("a", 1), ("b", 3), ("c", 2)] {
        for _ in 0..times {
            resolve(&anonymous, &format!("{prefix}{name}"))
                .await
                .is(404);
        }
    }
    let path = |name: &str| format!("{prefix}{name}");
    let all = [(path("b"), 3), (path("c"), 2), (path("a"), 1)];
    assert_eq!(unknown(&editor, &prefix).await, all);
    make(&editor, &path("b"), "/found").await.is(201);
    assert_eq!(unknown(&editor, &prefix).await, all[1..]);
    let dismissed = format!("/v1/redirects/unknown?path={}", path("c"));
    let dismiss = || editor.call(reqwest::Method::DELETE, &dismissed).send();
    dismiss().await.is(204);
    resolve(&anonymous, &path("c")).await.is(404);
    assert_eq!(unknown(&editor, &prefix).await, all[2..]);
    let missing = format!("/v1/redirects/unknown?path={}", path("d"));
    let missing = editor.call(reqwest::Method::DELETE, &missing).send().await;
    missing.refused(404, "not_found");
}

async fn counts_of_unknown_addresses_survive_a_restart() {
    let setup = Setup::embedded();
    let server = setup.start();
    for _ in 0..3 {
        resolve(&server.anonymous(), "/lost").await.is(404);
    }
    assert!(server.stop().success());
    let server = setup.start();
    let editor = server.administrator().await;
    assert_eq!(unknown(&editor, "/lost").await, [("/lost".to_owned(), 3)]);
}

async fn a_key_for_builds_reads_redirects_and_writes_nothing() {
    let setup = Setup::embedded();
    let server = setup.start();
    let editor = server.administrator().await;
    let made = make(&editor, "/old", "/new").await.is(201);
    let issued = setup.run(&["keys", "issue", "--name", "build", "--scope", "build"]);
    let key = String::from_utf8(issued.stdout).unwrap();
    let builder = server.anonymous();
    let ask = async |method: reqwest::Method, path: &str| {
        let call = builder.call(method, path);
        let authorization = format!("ApiKey {}", key.trim());
        call.header("authorization", &authorization).send().await
    };
    let get = reqwest::Method::GET;
    let export = ask(get.clone(), "/v1/redirects/export")
        .await
        .is(200)
        .json();
    assert_eq!(export["redirects"][0]["from"], "/old");
    for path in [
        "/v1/redirects",
        "/v1/posts?limit=25&fields=html",
        "/v1/categories",
    ] {
        ask(get.clone(), path).await.is(200);
    }
    let one = made.header("location");
    let delete = reqwest::Method::DELETE;
    for (method, path) in [
        (delete.clone(), one),
        (delete, "/v1/redirects/unknown?path=/x"),
        (get.clone(), "/v1/redirects/unknown"),
        (get, "/v1/posts?status=draft"),
    ] {
        ask(method, path).await.refused(403, "forbidden");
    }
}

/// Slug in the `Location` of an answer.
fn slug(found: &Value) -> String {
    let location = found["location"].as_str().unwrap();
    let path = location.strip_prefix("/v1/posts/by-slug/").unwrap();
    path.split('?').next().unwrap().to_owned()
}
