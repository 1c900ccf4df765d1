use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{Site, site_as, site_with},
};

async fn create(site: &Site, token: &str, body: &Value) -> Answer {
    site.post_as(token, "/v1/posts", body).await
}

#[tokio::test]
async fn all_violations_of_a_post_are_listed() {
    let (site, token) = site_as(Role::Editor).await;
    let body = json!({
        "title": "", "slug": "Año Nuevo", "locale": "es_MX", "tags": ["Rust", "rust"],
        "category_ids": ["x"], "published_at": "ayer", "aliases": ["a.html"],
        "seo": {"title": 1, "robots": "x"}, "source": {"import": "blog", "sha256": "ABC"},
        "extra": [], "colour": "red",
    });
    let answer = create(&site, &token, &body).await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    let expected = [
        ("/title", "too_short"),
        ("/body", "required"),
        ("/slug", "bad_format"),
        ("/category_ids/0", "bad_format"),
        ("/tags/1", "duplicate"),
        ("/locale", "bad_format"),
        ("/published_at", "bad_format"),
        ("/aliases/0", "bad_format"),
        ("/seo/title", "wrong_type"),
        ("/seo/robots", "unknown_member"),
        ("/source/path", "required"),
        ("/source/sha256", "bad_format"),
        ("/extra", "wrong_type"),
        ("/colour", "unknown_member"),
    ];
    assert_eq!(answer.errors(), expected);
}

#[tokio::test]
async fn at_most_fifty_violations_are_listed() {
    let (site, token) = site_as(Role::Editor).await;
    let body: serde_json::Map<_, _> = (0..80).map(|n| (format!("m{n}"), json!(n))).collect();
    let answer = create(&site, &token, &body.into()).await;
    assert_eq!(answer.errors().len(), 50);
}

#[tokio::test]
async fn values_above_the_limits_return_422() {
    let (site, token) = site_as(Role::Editor).await;
    let tags: Vec<_> = (0..16).map(|n| format!("t{n}")).collect();
    let deep = (0..40).fold(json!({}), |inner, _| json!({ "a": inner }));
    for (member, value, code) in [
        ("title", json!("ñ".repeat(201)), "too_long"),
        ("body", json!("x".repeat(1024 * 1024 + 1)), "too_long"),
        ("tags", json!(tags), "too_long"),
        ("extra", deep, "too_long"),
        ("extra", json!({"a": "x".repeat(64 * 1024)}), "too_long"),
        ("seo", json!("x"), "wrong_type"),
    ] {
        let mut body = json!({"title": "A", "body": "b"});
        body[member] = value;
        let answer = create(&site, &token, &body).await;
        assert_eq!(answer.errors(), [(format!("/{member}").as_str(), code)]);
    }
}

#[tokio::test]
async fn null_means_absent_in_new_posts() {
    let (site, token) = site_as(Role::Editor).await;
    let body = json!({"title": "A", "body": "", "excerpt": null, "tags": null, "seo": null});
    let answer = create(&site, &token, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        (&answer.body["excerpt"], &answer.body["tags"]),
        (&Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn only_json_in_utf8_is_accepted() {
    let (site, token) = site_as(Role::Editor).await;
    let call = || Call::post("/v1/posts").signed(&token);
    for media_type in [
        "text/plain",
        "application/merge-patch+json",
        "application/json; charset=latin1",
        "",
    ] {
        let answer = call().bytes(media_type, "{}").to(&site).await;
        assert_eq!(
            answer.refusal(),
            (415, "unsupported_media_type"),
            "{media_type}"
        );
        assert_eq!(answer.body["accepted"], json!(["application/json"]));
    }
    let answer = call()
        .bytes("Application/JSON; charset=UTF-8", "{}")
        .to(&site)
        .await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    let patch = Call::patch("/v1/posts/019b0000-0000-7000-8000-000000000001").signed(&token);
    let answer = patch
        .based_on("\"1.1\"")
        .bytes("text/plain", "{}")
        .to(&site)
        .await;
    assert_eq!(answer.status, 415);
    assert_eq!(
        answer.header("accept-patch"),
        "application/merge-patch+json, application/json"
    );
}

#[tokio::test]
async fn invalid_json_returns_its_position() {
    let (site, token) = site_as(Role::Editor).await;
    for (bytes, status) in [
        (&b"{\"title\": \"\xff\"}"[..], 400),
        (b"{\"title\": \"a\",}", 400),
        (b"{\"title\": \"a\", \"title\": \"b\"}", 422),
        (b"{} {}", 400),
        (b"", 400),
        (b"[]", 422),
        (b"\"a\"", 422),
    ] {
        let call = Call::post("/v1/posts").signed(&token);
        let answer = call.bytes("application/json", bytes).to(&site).await;
        assert_eq!(answer.refusal().0, status, "{}", answer.body);
    }
}

#[tokio::test]
async fn encoded_bodies_return_415() {
    let (site, token) = site_as(Role::Editor).await;
    let body = r#"{"title": "A", "body": "b"}"#;
    for (coding, status) in [
        ("br", 415),
        ("gzip", 415),
        ("x", 415),
        ("identity, gzip", 415),
        ("Identity", 201),
    ] {
        let call = Call::post("/v1/posts").signed(&token);
        let call = call.header("content-encoding", coding);
        let answer = call.bytes("application/json", body).to(&site).await;
        assert_eq!(answer.status, status, "{coding}: {}", answer.text);
        if status == 415 {
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
}

#[tokio::test]
async fn members_that_occur_twice_return_422_at_every_depth() {
    let (site, token) = site_as(Role::Editor).await;
    let call = Call::post("/v1/posts/batch").signed(&token);
    let item =
        r#"{"op": "create", "op": "create", "value": {"title": "A", "body": "", "title": "B"}}"#;
    let body = format!(r#"{{"operations": [{item}]}}"#);
    let answer = call.bytes("application/json", body).to(&site).await;
    assert_eq!(answer.status, 422);
    let expected = [
        ("/operations/0/op", "duplicate"),
        ("/operations/0/value/title", "duplicate"),
    ];
    assert_eq!(answer.errors(), expected);
}

#[tokio::test]
async fn numbers_in_extra_keep_their_digits() {
    let (site, token) = site_as(Role::Editor).await;
    let numbers = "[1e400,0.1000000000000000055,12345678901234567890,1.50]";
    let body = format!(r#"{{"title": "A", "body": "", "extra": {{"n": {numbers}}}}}"#);
    let call = Call::post("/v1/posts").signed(&token);
    let created = call.bytes("application/json", body).to(&site).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let expected = format!(r#""extra":{{"n":{numbers}}}"#);
    assert!(created.text.contains(&expected), "{}", created.text);
    let path = format!("/v1/posts/{}", created.body["id"].as_str().unwrap());
    let call = Call::post(&format!("{path}/publish")).signed(&token);
    let published = call.based_on(created.etag()).to(&site).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let working = Call::get(&path).signed(&token).to(&site).await;
    let revision = Call::get(&format!("{path}/revisions/1")).signed(&token);
    let live = site.get("/v1/posts/by-slug/a").await;
    for answer in [working, revision.to(&site).await, live] {
        assert!(answer.text.contains(&expected), "{}", answer.text);
    }
}

#[tokio::test]
async fn bodies_above_the_limit_return_413() {
    let site = site_with(|config| config.max_body = 100).await;
    let token = site.token(Role::Editor).await;
    let body = json!({"title": "A", "body": "x".repeat(100)});
    let answer = create(&site, &token, &body).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
    assert_eq!(answer.body["max_bytes"], 100);
}
