//! Stored answers: when they are used, and when not.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{DAWN, Machine, Site, site_as, site_on},
};

/// The delay until a server shows the change of another server.
const MAX_AGE: Duration = Duration::from_secs(5);

const POST: &str = "/v1/posts/by-slug/hola";

async fn create(site: &Site, token: &str, title: &str) -> Answer {
    let body = json!({"title": title, "body": "Texto.\n", "tags": ["Rust"]});
    site.post_as(token, "/v1/posts", &body).await
}

async fn act(
    site: &Site,
    token: &str,
    post: &Answer,
    action: &str,
    body: Option<&Value>,
) -> Answer {
    let id = post.body["id"].as_str().unwrap();
    let call = Call::post(&format!("/v1/posts/{id}/{action}"));
    let call = call.signed(token).based_on(post.etag());
    let answer = match body {
        Some(body) => call.json(body).to(site).await,
        None => call.to(site).await,
    };
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

async fn publish(site: &Site, token: &str, title: &str) -> Answer {
    let post = create(site, token, title).await;
    act(site, token, &post, "publish", None).await
}

async fn rename(site: &Site, token: &str, post: &Answer, title: &str) -> Answer {
    let id = post.body["id"].as_str().unwrap();
    let call = Call::patch(&format!("/v1/posts/{id}"));
    let call = call.signed(token).based_on(post.etag());
    let changed = call.json(&json!({"title": title})).to(site).await;
    act(site, token, &changed, "publish", None).await
}

/// The number of requests to the database for one read.
async fn requests(site: &Site, path: &str) -> u64 {
    let _ = site.wire.measure();
    assert!(site.get(path).await.status < 400, "{path}");
    site.wire.measure().requests
}

#[tokio::test]
async fn every_public_read_is_stored() {
    let (site, token) = site_as(Role::Administrator).await;
    let body = json!({"name": "Libros", "slug": "libros"});
    let category = site.post_as(&token, "/v1/categories", &body).await;
    let category = category.body["id"].as_str().unwrap();
    let body = json!({"name": "Ana", "slug": "ana"});
    let byline = site.post_as(&token, "/v1/bylines", &body).await;
    let byline = byline.body["id"].as_str().unwrap();
    let post = publish(&site, &token, "Hola").await;
    let id = post.body["id"].as_str().unwrap();
    let body = json!({"from": "/viejo", "to": "/nuevo"});
    assert_eq!(
        site.post_as(&token, "/v1/redirects", &body).await.status,
        201
    );
    for path in [
        POST,
        "/v1/posts/by-slug/hola/translations",
        "/v1/posts",
        "/v1/posts?tag=rust&limit=2",
        "/v1/posts?locale=es",
        &format!("/v1/posts?category={category}"),
        &format!("/v1/posts?author={byline}"),
        &format!("/v1/posts?ids={id}"),
        "/v1/tags",
        "/v1/categories",
        "/v1/categories/libros",
        "/v1/bylines",
        "/v1/bylines/ana",
        "/v1/redirects/resolve?path=/viejo",
    ] {
        let first = site.get(path).await;
        assert_eq!(requests(&site, path).await, 0, "{path}");
        let second = site.get(path).await;
        assert_eq!((first.status, &first.bytes), (second.status, &second.bytes));
        for name in [
            "etag",
            "cache-control",
            "content-type",
            "last-modified",
            "link",
            "vary",
        ] {
            assert_eq!(first.header(name), second.header(name), "{name} of {path}");
        }
        assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
        let known = Call::get(path).header("if-none-match", first.etag());
        let known = known.to(&site).await;
        assert_eq!((known.status, known.bytes.len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn callers_with_a_credential_and_errors_are_never_answered_from_the_cache() {
    let (site, token) = site_as(Role::Author).await;
    publish(&site, &token, "Hola").await;
    for path in [POST, "/v1/posts"] {
        site.get(path).await;
        let _ = site.wire.measure();
        let own = site.get_as(&token, path).await;
        assert_eq!(own.status, 200);
        assert!(site.wire.measure().requests > 0, "{path}");
    }
    let refused = site.get_as("nonsense", "/v1/posts").await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    let missing = "/v1/posts/by-slug/nada";
    site.get(missing).await;
    let _ = site.wire.measure();
    assert_eq!(site.get(missing).await.refusal(), (404, "not_found"));
    assert!(site.wire.measure().requests > 0);
}

#[tokio::test]
async fn a_public_write_ends_all_stored_answers_and_a_private_one_none() {
    let (site, token) = site_as(Role::Author).await;
    let post = publish(&site, &token, "Hola").await;
    site.get(POST).await;
    let id = post.body["id"].as_str().unwrap();
    let call = Call::patch(&format!("/v1/posts/{id}")).signed(&token);
    let changed = call.based_on(post.etag()).json(&json!({"title": "Adiós"}));
    let changed = changed.to(&site).await;
    assert_eq!(requests(&site, POST).await, 0, "the live copy is unchanged");
    act(&site, &token, &changed, "publish", None).await;
    assert_eq!(site.get(POST).await.body["title"], "Adiós");
}

#[tokio::test]
async fn concurrent_reads_load_an_answer_once() {
    let (site, token) = site_as(Role::Author).await;
    publish(&site, &token, "Hola").await;
    let _ = site.wire.measure();
    let answers = join_all((0..20).map(|_| site.get(POST))).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.bytes == answers[0].bytes)
    );
    assert_eq!(site.wire.measure().requests, 1);
    let statistics = site.answers.statistics();
    assert_eq!(statistics.hits + statistics.misses, 20);
}

#[tokio::test]
async fn compressed_forms_are_loaded_with_the_plain_one() {
    let (site, token) = site_as(Role::Author).await;
    for n in 0..5 {
        publish(&site, &token, &format!("Hola {n}")).await;
    }
    // The time of the next scheduled change is read once for all lists.
    site.get("/v1/posts?limit=1").await;
    let _ = site.wire.measure();
    let read = |coding| {
        Call::get("/v1/posts")
            .header("accept-encoding", coding)
            .to(&site)
    };
    let forms = join_all(["br", "gzip", "", "br", "gzip"].map(read)).await;
    let loads = site.wire.measure().requests;
    let names: Vec<_> = forms
        .iter()
        .map(|form| form.header("content-encoding"))
        .collect();
    assert_eq!(names, ["br", "gzip", "", "br", "gzip"]);
    assert_eq!(forms[0].bytes, forms[3].bytes);
    assert!(forms[0].bytes.len() < forms[2].bytes.len());
    assert_eq!(loads, 1);
}

#[tokio::test]
async fn a_stored_answer_ends_in_the_second_of_a_schedule() {
    let (site, token) = site_as(Role::Author).await;
    let post = create(&site, &token, "Hola").await;
    let plan = json!({
        "publish_at": "2026-01-01T00:00:20Z",
        "unpublish_at": "2026-01-01T00:00:40Z",
    });
    act(&site, &token, &post, "schedule", Some(&plan)).await;
    for (millis, titles, list_age, status) in [
        (1_000, 0, "public, max-age=19, must-revalidate", 404),
        (19_999, 0, "public, max-age=0, must-revalidate", 404),
        (20_000, 1, "public, max-age=20, must-revalidate", 200),
        (39_999, 1, "public, max-age=0, must-revalidate", 200),
        (
            40_000,
            0,
            "public, max-age=60, stale-while-revalidate=300",
            404,
        ),
    ] {
        site.clock.forward_to(DAWN + millis);
        for read in ["first", "second"] {
            let list = site.get("/v1/posts").await;
            let items = list.body["items"].as_array().unwrap();
            assert_eq!(items.len(), titles, "{read} at {millis}");
            assert_eq!(list.header("cache-control"), list_age, "{read} at {millis}");
            let tags = site.get("/v1/tags").await;
            assert_eq!(tags.body["items"].as_array().unwrap().len(), titles);
            assert_eq!(site.get(POST).await.status, status, "{read} at {millis}");
        }
    }
}

#[tokio::test]
async fn the_change_of_another_server_is_visible_after_five_seconds() {
    let (site, token) = site_as(Role::Author).await;
    let other = site_on(Machine::beside(&site), |_| {}).await;
    let post = publish(&site, &token, "Hola").await;
    assert_eq!(other.get(POST).await.body["title"], "Hola");
    rename(&site, &token, &post, "Adiós").await;
    assert_eq!(site.get(POST).await.body["title"], "Adiós");
    tokio::time::pause();
    assert_eq!(other.get(POST).await.body["title"], "Hola");
    tokio::time::advance(MAX_AGE).await;
    tokio::time::resume();
    assert_eq!(other.get(POST).await.body["title"], "Adiós");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_sees_an_older_title_than_an_acknowledged_one() {
    const WRITES: usize = 15;
    let (site, token) = site_as(Role::Author).await;
    let site = Arc::new(site);
    let mut post = publish(&site, &token, "0").await;
    let slug = post.body["slug"].as_str().unwrap().to_owned();
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let readers: Vec<_> = (0..6)
        .map(|reader| {
            let (site, acknowledged) = (Arc::clone(&site), Arc::clone(&acknowledged));
            let slug = slug.clone();
            tokio::spawn(async move {
                while acknowledged.load(Ordering::SeqCst) < WRITES {
                    let least = acknowledged.load(Ordering::SeqCst);
                    let answer = match reader % 2 {
                        0 => site.get(&format!("/v1/posts/by-slug/{slug}")).await.body,
                        _ => site.get("/v1/posts").await.body["items"][0].clone(),
                    };
                    let seen: usize = answer["title"].as_str().unwrap().parse().unwrap();
                    assert!(seen >= least, "{seen} is older than {least}");
                }
            })
        })
        .collect();
    for n in 1..=WRITES {
        post = rename(&site, &token, &post, &n.to_string()).await;
        acknowledged.store(n, Ordering::SeqCst);
    }
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(site.answers.statistics().hits > 0);
}

#[tokio::test]
async fn stored_answers_never_exceed_their_limit() {
    const LIMIT: usize = 64 * 1024;
    let machine = Machine {
        cache_bytes: LIMIT,
        ..Machine::new()
    };
    let site = site_on(machine, |_| {}).await;
    let token = site.token(Role::Author).await;
    for n in 0..8 {
        publish(&site, &token, &format!("Hola {n}")).await;
    }
    let mut stored = 0;
    for limit in 1..=100 {
        let path = format!("/v1/posts?limit={limit}");
        for coding in ["", "br", "gzip"] {
            let call = Call::get(&path).header("accept-encoding", coding);
            assert_eq!(call.to(&site).await.status, 200);
            let statistics = site.answers.statistics();
            assert!(statistics.bytes <= LIMIT as u64, "{statistics:?}");
            stored = stored.max(statistics.entries);
        }
    }
    assert!(stored > 5, "only {stored} answers were stored");
}

#[tokio::test]
async fn a_cache_of_no_bytes_stores_nothing() {
    let machine = Machine {
        cache_bytes: 0,
        ..Machine::new()
    };
    let site = site_on(machine, |_| {}).await;
    site.get("/v1/posts").await;
    assert!(requests(&site, "/v1/posts").await > 0);
    let statistics = site.answers.statistics();
    assert_eq!(
        (statistics.hits, statistics.misses, statistics.bytes),
        (0, 0, 0)
    );
}

#[tokio::test]
async fn head_is_answered_from_the_stored_answer_to_get() {
    let (site, token) = site_as(Role::Author).await;
    publish(&site, &token, "Hola").await;
    let get = site.get(POST).await;
    let _ = site.wire.measure();
    let head = Call::new(http::Method::HEAD, POST).to(&site).await;
    assert_eq!(site.wire.measure().requests, 0);
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), get.bytes.len().to_string());
    assert_eq!(head.etag(), get.etag());
}
