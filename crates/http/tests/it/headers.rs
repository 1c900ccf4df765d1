use http::Method;
use tintero_http::Origins;

use crate::{
    call::Call,
    site::{site, site_with},
};

#[tokio::test]
async fn well_formed_request_ids_are_kept_and_others_replaced() {
    let site = site().await;
    let kept = Call::get("/healthz")
        .header("x-request-id", "abc-1.2:3_4")
        .to(&site)
        .await;
    assert_eq!(kept.header("x-request-id"), "abc-1.2:3_4");
    for name in ["", "a b", "<script>", &"x".repeat(129)] {
        let answer = Call::get("/healthz")
            .header("x-request-id", name)
            .to(&site)
            .await;
        assert_eq!(answer.header("x-request-id").len(), 36, "{name}");
    }
}

#[tokio::test]
async fn browsers_do_not_guess_the_media_type_of_any_answer() {
    let site = site().await;
    for path in [
        "/v1/posts",
        "/v1/me",
        "/x",
        "/healthz",
        "/docs",
        "/v1/posts/by-slug/x",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn an_unchanged_list_returns_304() {
    let site = site().await;
    let first = site.get("/v1/posts").await;
    assert_eq!(
        first.header("cache-control"),
        "public, max-age=60, stale-while-revalidate=300"
    );
    let tags = format!("\"other\", W/{}", first.etag());
    let second = Call::get("/v1/posts")
        .header("if-none-match", &tags)
        .to(&site)
        .await;
    assert_eq!((second.status, second.text.as_str()), (304, ""));
    assert_eq!(second.etag(), first.etag());
    assert_eq!(second.header("vary"), "Authorization, Cookie");
    assert_eq!(second.header("content-type"), "");
}

#[tokio::test]
async fn only_allowed_origins_get_cors_headers() {
    let closed = site().await;
    let origin = "https://admin.example.org";
    let answer = Call::get("/v1/posts")
        .header("origin", origin)
        .to(&closed)
        .await;
    assert_eq!(answer.header("access-control-allow-origin"), "");

    let open = site_with(|config| config.origins = Origins::Listed(vec![origin.to_owned()])).await;
    let answer = Call::get("/v1/posts")
        .header("origin", origin)
        .to(&open)
        .await;
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    let exposed = answer.header("access-control-expose-headers");
    for name in ["etag", "link", "location", "retry-after", "x-request-id"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let stranger = Call::get("/v1/posts")
        .header("origin", "https://evil.example")
        .to(&open)
        .await;
    assert_eq!(stranger.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_preflight_request_needs_no_token() {
    let site = site_with(|config| config.origins = Origins::Any).await;
    let call = Call::new(
        Method::OPTIONS,
        "/v1/posts/019b0000-0000-7000-8000-000000000001",
    )
    .header("origin", "https://a.example")
    .header("access-control-request-method", "PATCH")
    .header("access-control-request-headers", "if-match,authorization");
    let answer = call.to(&site).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("if-match")
    );
}

#[tokio::test]
async fn problems_have_cors_headers() {
    let site = site_with(|config| config.origins = Origins::Any).await;
    let answer = Call::get("/v1/me")
        .header("origin", "https://a.example")
        .to(&site)
        .await;
    assert_eq!(answer.refusal().0, 401);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn every_response_restricts_browsers() {
    let site = site().await;
    for path in ["/v1/posts", "/v1/nothing", "/healthz", "/docs"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            !answer.header("content-security-policy").is_empty(),
            "{path}"
        );
        // The public URL of the tests begins with https.
        let https = answer.header("strict-transport-security");
        assert_eq!(https, "max-age=31536000", "{path}");
    }
}
