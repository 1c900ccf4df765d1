//! Unpublished content is private, and operations for people require a user.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::json;

use crate::harness::{
    Post, cases,
    contract::{self, Audience, Operation},
    draft, shared, unique,
};

pub(super) fn all() -> Vec<Trial> {
    cases![
        no_anonymous_read_shows_unpublished_content,
        protected_operations_answer_401_without_a_token,
        unpublished_posts_are_404_without_a_token,
    ]
}

async fn no_anonymous_read_shows_unpublished_content() {
    const SECRET: &str = "zzsecretzz";
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut new = draft("privacy");
    let alias = format!("/old/{}.html", unique("privacy"));
    new["tags"] = json!(["Plain"]);
    new["aliases"] = json!([alias]);
    let post = author.create_published(&new).await;
    let urls = anonymous_reads(&post, &alias);
    let mut before = vec![];
    for url in &urls {
        before.push(anonymous.get(url).send().await);
    }
    let change = json!({
        "title": SECRET, "body": SECRET, "excerpt": SECRET, "slug": unique(SECRET), "tags": [SECRET],
        "aliases": [alias, format!("/{SECRET}.html")], "seo": { "title": SECRET, "description": SECRET },
        "extra": { SECRET: SECRET }, "published_at": "2020-01-01T00:00:00.000Z",
    });
    let changed = Post::of(&author.change(&post, &change).await.is(200));
    assert_eq!(changed.seen["has_unpublished_changes"], true);

    for (url, before) in urls.iter().zip(before) {
        let now = anonymous.get(url).send().await;
        assert_eq!(now.status, before.status, "{url}");
        assert!(!now.everything().contains(SECRET), "{now:?}");
        if url.contains(post.slug()) {
            assert_eq!(now.text(), before.text(), "{url}");
        }
    }
    anonymous
        .get(&changed.public_path())
        .send()
        .await
        .refused(404, "not_found");
    let tagged = anonymous.walk(&format!("/v1/posts?tag={SECRET}")).await;
    assert!(tagged.is_empty(), "{tagged:?}");

    let live = author.publish(&changed).await;
    let shown = anonymous.get(&live.public_path()).send().await.is(200);
    assert!(
        shown.everything().contains(SECRET),
        "it is published afterwards"
    );
}

/// Requests for every read that needs no token. A new one must be added here.
fn anonymous_reads(post: &Post, alias: &str) -> Vec<String> {
    let mut known = BTreeMap::from([
        (
            "get_issuer",
            vec!["/.well-known/openid-configuration".to_owned()],
        ),
        (
            "get_authorization_server",
            vec!["/.well-known/oauth-authorization-server".to_owned()],
        ),
        ("get_jwks", vec!["/.well-known/jwks.json".to_owned()]),
        ("list_issuers", vec!["/v1/auth/issuers".to_owned()]),
        (
            "begin_issuer_session",
            vec!["/v1/auth/issuers/staff/login".to_owned()],
        ),
        (
            "open_issuer_session",
            vec!["/v1/auth/issuers/staff/callback".to_owned()],
        ),
        ("get_site", vec!["/v1/site".to_owned()]),
        ("get_health", vec!["/healthz".to_owned()]),
        ("get_readiness", vec!["/readyz".to_owned()]),
        ("get_problem", vec!["/problems/not-found".to_owned()]),
        ("list_categories", vec!["/v1/categories".to_owned()]),
        (
            "get_category",
            vec!["/v1/categories/never-there".to_owned()],
        ),
        ("list_bylines", vec!["/v1/bylines".to_owned()]),
        ("list_tags", vec!["/v1/tags".to_owned()]),
        ("get_byline", vec!["/v1/bylines/never-there".to_owned()]),
        (
            "get_image",
            vec!["/v1/images/01912d68-783e-7a03-8467-5661c1243ad4".to_owned()],
        ),
        ("get_image_file", vec!["/media/never-there.gif".to_owned()]),
        ("get_post_by_slug", vec![post.public_path()]),
        (
            "list_public_translations",
            vec![post.public_path().replace('?', "/translations?")],
        ),
        (
            "resolve_redirect",
            vec![format!("/v1/redirects/resolve?path={alias}")],
        ),
        (
            "list_posts",
            [
                "",
                "?tag=plain",
                "?locale=en",
                "?status=published",
                "?view=live",
                "?tag=plain&locale=en&include=categories,bylines,images",
                &format!("?ids={}", post.id),
            ]
            .map(|query| format!("/v1/posts{query}"))
            .into(),
        ),
    ]);
    let reads = contract::operations().iter().filter(|operation| {
        operation.method == "GET" && operation.audience() != Audience::SignedIn
    });
    reads
        .flat_map(|operation| {
            let urls = known.remove(operation.id.as_str());
            urls.unwrap_or_else(|| panic!("{} is not checked here", operation.id))
        })
        .collect()
}

async fn protected_operations_answer_401_without_a_token() {
    let anonymous = shared::server().anonymous();
    let guarded: Vec<&Operation> = contract::operations()
        .iter()
        .filter(|operation| operation.audience() == Audience::SignedIn)
        .collect();
    assert!(guarded.len() > 5);
    for operation in guarded {
        let path = operation.some_path();
        let answer = anonymous.call(operation.method.clone(), &path).send().await;
        let challenge = answer.header("www-authenticate").to_owned();
        answer.refused(401, "unauthenticated");
        assert_eq!(challenge, "Bearer realm=\"tintero\"", "{}", operation.id);
    }
    for query in [
        "status=draft",
        "status=any",
        "status=trashed",
        "status=published&view=working",
    ] {
        let list = anonymous.get(&format!("/v1/posts?{query}")).send().await;
        list.refused(401, "unauthenticated");
    }
}

async fn unpublished_posts_are_404_without_a_token() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let post = author.create(&draft("hidden")).await;
    anonymous
        .get(&post.public_path())
        .send()
        .await
        .refused(404, "not_found");
    let published = author.publish(&post).await;
    let hidden = Post::of(&author.transition(&published, "unpublish").await.is(200));
    anonymous
        .get(&hidden.public_path())
        .send()
        .await
        .refused(404, "not_found");
    let public = anonymous.walk("/v1/posts?limit=100").await;
    assert!(public.iter().all(|row| row["id"] != hidden.id.as_str()));
}
