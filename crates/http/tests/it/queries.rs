use tintero_domain::access::Role;

use crate::{
    call::Call,
    site::{site, site_as},
};

#[tokio::test]
async fn all_invalid_parameters_are_listed() {
    let site = site().await;
    for (query, expected) in [
        ("limit=0", &[("limit", "out_of_range")][..]),
        ("limit=101", &[("limit", "out_of_range")]),
        ("limit=5&limit=6", &[("limit", "repeated_parameter")]),
        ("tag=a&tag=a", &[("tag", "duplicate")]),
        ("tag=a&tag=", &[("tag", "too_short")]),
        ("locale=es,es", &[("locale", "duplicate")]),
        ("locale=es,", &[("locale", "bad_format")]),
        ("locale=es,en,fr,pt", &[("locale", "too_long")]),
        ("fields=body&limit=26", &[("limit", "out_of_range")]),
        (
            "status=any&locale=es,en",
            &[("locale", "unknown_combination")],
        ),
        (
            "updated_since=2026-01-01T00:00:00Z&author=ana",
            &[("author", "unknown_combination")],
        ),
        (
            "updated_since=1999-01-01T00:00:00Z",
            &[("updated_since", "out_of_range")],
        ),
        ("page=2", &[("page", "unknown_parameter")]),
        ("q=aws", &[("q", "not_supported")]),
        ("tag=", &[("tag", "too_short")]),
        ("status=lost", &[("status", "bad_format")]),
        (
            "tag=aws&owner=01912d68-783e-7a03-8467-5661c1243ad4",
            &[("owner", "unknown_combination")],
        ),
        ("sort=-updated_at", &[("sort", "unknown_combination")]),
        (
            "page=2&limit=x",
            &[("limit", "out_of_range"), ("page", "unknown_parameter")],
        ),
    ] {
        let answer = site.get(&format!("/v1/posts?{query}")).await;
        assert_eq!(answer.refusal(), (400, "bad_query"), "{query}");
        assert_eq!(answer.errors(), expected, "{query}");
    }
}

#[tokio::test]
async fn malformed_escapes_and_invalid_cursors_return_400() {
    let site = site().await;
    for query in ["tag=%zz", "tag=%ff", "tag=a%00"] {
        let answer = site.get(&format!("/v1/posts?{query}")).await;
        assert_eq!(answer.refusal(), (400, "bad_query"), "{query}");
    }
    let answer = site.get("/v1/posts?cursor=abc").await;
    assert_eq!(answer.refusal(), (400, "bad_cursor"));
    assert_eq!(answer.errors(), [("cursor", "bad_cursor")]);
}

#[tokio::test]
async fn operations_without_parameters_reject_all_parameters() {
    let (site, token) = site_as(Role::Editor).await;
    for call in [Call::get("/v1/me?x=1"), Call::post("/v1/posts?x=1")] {
        let answer = call.signed(&token).to(&site).await;
        assert_eq!(answer.refusal(), (400, "bad_query"));
        assert_eq!(answer.errors(), [("x", "unknown_parameter")]);
    }
}

#[tokio::test]
async fn lists_of_working_copies_require_a_token() {
    let site = site().await;
    for query in [
        "status=draft",
        "status=any",
        "status=published&view=working",
    ] {
        let answer = site.get(&format!("/v1/posts?{query}")).await;
        assert_eq!(answer.refusal(), (401, "unauthenticated"), "{query}");
    }
}
