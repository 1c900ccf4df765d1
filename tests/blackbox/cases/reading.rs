//! Conditional reads, pages, request ids and CORS.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Client, Post, cases, draft, next_of, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        conditional_reads_return_304,
        answers_have_cache_headers,
        following_the_links_lists_every_post_once,
        an_old_slug_redirects_to_the_new_one_immediately,
        an_imported_address_redirects_to_the_post,
        a_post_is_found_by_its_source_file,
        cors_allows_listed_origins_only,
        valid_request_ids_are_kept_and_others_replaced,
        head_answers_like_get_without_a_body,
    ]
}

async fn conditional_reads_return_304() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let tag = unique("tag");
    let mut new = draft("conditional");
    new["tags"] = json!([tag]);
    let post = author.create_published(&new).await;
    for (reader, path) in [
        (&anonymous, post.public_path()),
        (&anonymous, format!("/v1/posts?tag={tag}")),
        (&author, post.path()),
        (&author, format!("{}?view=live", post.path())),
        (&author, "/v1/me".to_owned()),
    ] {
        let etag = reader
            .get(&path)
            .send()
            .await
            .is(200)
            .header("etag")
            .to_owned();
        assert!(etag.starts_with('"'), "{path}: {etag}");
        for known in [
            etag.clone(),
            format!("W/{etag}"),
            format!("\"other\", {etag}"),
            "*".to_owned(),
        ] {
            let again = reader
                .get(&path)
                .header("If-None-Match", &known)
                .send()
                .await
                .is(304);
            assert!(again.body.is_empty());
            assert_eq!(again.header("etag"), etag);
        }
        reader
            .get(&path)
            .header("If-None-Match", "\"other\"")
            .send()
            .await
            .is(200);
    }
    let known = anonymous
        .get(&post.public_path())
        .send()
        .await
        .header("etag")
        .to_owned();
    let changed = Post::of(
        &author
            .change(&post, &json!({ "title": "Another" }))
            .await
            .is(200),
    );
    let reread = |known: String| {
        anonymous
            .get(&post.public_path())
            .header("If-None-Match", &known)
            .send()
    };
    reread(known.clone()).await.is(304);
    author.publish(&changed).await;
    reread(known).await.is(200);
}

async fn answers_have_cache_headers() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let post = author.create_published(&draft("kept")).await;
    let kept = async |reader: &Client, path: &str| {
        reader
            .get(path)
            .send()
            .await
            .is(200)
            .header("cache-control")
            .to_owned()
    };
    for path in [post.public_path().as_str(), "/v1/posts"] {
        let control = kept(&anonymous, path).await;
        assert!(control.starts_with("public, max-age="), "{path}: {control}");
        assert!(
            control.contains("stale-while-revalidate="),
            "{path}: {control}"
        );
    }
    for path in [post.path().as_str(), "/v1/me", "/v1/posts?status=draft"] {
        assert_eq!(kept(&author, path).await, "private, no-cache", "{path}");
    }
}

async fn following_the_links_lists_every_post_once() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let tag = unique("tag");
    let mut made = BTreeSet::new();
    for _ in 0..7 {
        let mut new = draft("walked");
        new["tags"] = json!([tag]);
        made.insert(author.create_published(&new).await.id);
    }
    let path = format!("/v1/posts?tag={tag}&limit=2");
    let items = anonymous.walk(&path).await;
    assert_eq!(items.len(), made.len());
    let seen: BTreeSet<String> = items
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(seen, made);
    assert!(items.is_sorted_by(|a, b| a["published_at"].as_str() >= b["published_at"].as_str()));

    let page = anonymous.get(&path).send().await.is(200);
    let next = page.json()["page"]["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(page.json()["page"]["has_next"], true);
    assert!(
        next_of(page.header("link"))
            .unwrap()
            .ends_with(&format!("cursor={next}"))
    );
    let other = anonymous
        .get(&format!("/v1/posts?locale=en&cursor={next}"))
        .send()
        .await;
    other.refused(400, "bad_cursor");
}

async fn an_old_slug_redirects_to_the_new_one_immediately() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let first = author.create_published(&draft("moved")).await;
    let mut last = first.clone();
    for _ in 0..2 {
        let renamed = author
            .change(&last, &json!({ "slug": unique("renamed") }))
            .await
            .is(200);
        last = author.publish(&Post::of(&renamed)).await;
    }
    let moved = anonymous.get(&first.public_path()).send().await.is(308);
    assert_eq!(moved.header("cache-control"), "public, max-age=300");
    assert_eq!(moved.header("location"), moved.json()["location"]);
    assert_eq!(
        anonymous
            .get(moved.header("location"))
            .send()
            .await
            .is(200)
            .json()["id"],
        last.id
    );
}

async fn an_imported_address_redirects_to_the_post() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut new = draft("aliased");
    let alias = format!("/blog/{}/Día.html", unique("año"));
    new["aliases"] = json!([alias]);
    let post = author.create_published(&new).await;
    let encoded = percent_encoding::utf8_percent_encode(&alias, percent_encoding::NON_ALPHANUMERIC);
    let twice = encoded.to_string().replace('%', "%25");
    for path in [alias.clone(), encoded.to_string(), twice] {
        let found = anonymous
            .get(&format!("/v1/redirects/resolve?path={path}"))
            .send()
            .await;
        let found = found.is(200).json();
        assert_eq!(found["post_id"], post.id.as_str());
        anonymous
            .get(found["location"].as_str().unwrap())
            .send()
            .await
            .is(200);
    }
    let none = anonymous
        .get("/v1/redirects/resolve?path=/never/was.html")
        .send()
        .await;
    none.refused(404, "not_found");
    author.transition(&post, "trash").await.is(200);
    let gone = anonymous
        .get(&format!("/v1/redirects/resolve?path={encoded}"))
        .send()
        .await;
    gone.refused(410, "gone");
}

async fn a_post_is_found_by_its_source_file() {
    let author = shared::server().administrator().await;
    let mut new = draft("sourced");
    let path = format!("_posts/{} ñ.md", unique("file"));
    new["source"] = json!({
        "import": "blog", "path": path, "sha256": "0".repeat(64), "front_matter": "title: A\n",
    });
    let post = author.create(&new).await;
    let find = async |path: &str| {
        let path = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
        author
            .get(&format!("/v1/posts/by-source?import=blog&path={path}"))
            .send()
            .await
    };
    let found = find(&path).await.is(200).json();
    assert_eq!(
        (&found["id"], &found["source"]),
        (&post.seen["id"], &new["source"])
    );
    find("_posts/never.md").await.refused(404, "not_found");
}

async fn cors_allows_listed_origins_only() {
    let anonymous = shared::server().anonymous();
    let preflight = |origin: &str| {
        anonymous
            .call(
                Method::OPTIONS,
                "/v1/posts/01912d68-783e-7a03-8467-5661c1243ad4",
            )
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PATCH")
            .header(
                "Access-Control-Request-Headers",
                "authorization,content-type,if-match",
            )
            .send()
    };
    let allowed = preflight(shared::ORIGIN).await;
    assert!(matches!(allowed.status, 200 | 204), "{allowed:?}");
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        shared::ORIGIN
    );
    assert!(
        allowed
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    let fields = allowed
        .header("access-control-allow-headers")
        .to_lowercase();
    assert!(
        ["authorization", "if-match", "idempotency-key"]
            .iter()
            .all(|name| fields.contains(name))
    );
    let refused = preflight("https://elsewhere.example.org").await;
    assert_eq!(refused.header("access-control-allow-origin"), "");

    let read = anonymous
        .get("/v1/posts")
        .header("Origin", shared::ORIGIN)
        .send()
        .await
        .is(200);
    let exposed = read.header("access-control-expose-headers").to_lowercase();
    for field in ["etag", "link", "location", "retry-after", "x-request-id"] {
        assert!(exposed.contains(field), "{field} is not in {exposed}");
    }
}

async fn valid_request_ids_are_kept_and_others_replaced() {
    let url = shared::server().url();
    let name_of = async |name: &str| {
        let call = reqwest::Client::new()
            .get(format!("{url}/healthz"))
            .header("X-Request-Id", name);
        let answer = call.send().await.unwrap();
        answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    // The test client sends a request id with every call and checks it in the answer.
    for name in ["", "with space", &"n".repeat(129), "a\"b"] {
        let given = name_of(name).await;
        assert!(!given.is_empty() && given != name, "{given}");
    }
}

async fn head_answers_like_get_without_a_body() {
    let anonymous = shared::server().anonymous();
    for (path, status) in [("/v1/posts", 200), ("/healthz", 200), ("/v1/nothing", 404)] {
        let head = anonymous.call(Method::HEAD, path).send().await.is(status);
        assert!(head.body.is_empty());
        let get = anonymous.get(path).send().await.is(status);
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}
