//! Redirects and aliases of posts.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{Site, site, site_as},
};

async fn make(site: &Site, token: &str, body: Value) -> Answer {
    let call = Call::post("/v1/redirects").signed(token);
    call.json(&body).to(site).await
}

async fn resolved(site: &Site, path: &str) -> Answer {
    let path = path.replace(' ', "%20");
    let uri = format!("/v1/redirects/resolve?path={path}");
    site.get(&uri).await
}

/// Creates a published post with an alias.
async fn a_post_from(site: &Site, token: &str, title: &str, alias: &str) -> Answer {
    let body = json!({"title": title, "body": "", "aliases": [alias]});
    let post = Call::post("/v1/posts").signed(token).json(&body);
    publish(site, token, &post.to(site).await).await
}

async fn publish(site: &Site, token: &str, post: &Answer) -> Answer {
    change(site, token, post, "publish").await
}

async fn change(site: &Site, token: &str, post: &Answer, name: &str) -> Answer {
    let path = format!("/v1/posts/{}/{name}", post.body["id"].as_str().unwrap());
    let call = Call::post(&path).signed(token).based_on(post.etag());
    let answer = call.to(site).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

#[tokio::test]
async fn a_redirect_is_created_listed_resolved_and_deleted() {
    let (site, token) = site_as(Role::Editor).await;
    let made = make(
        &site,
        &token,
        json!({"from": "/feed%20vieja.xml", "to": "/rss.xml"}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(
        (
            &made.body["from"],
            &made.body["to"],
            &made.body["permanent"]
        ),
        (&json!("/feed vieja.xml"), &json!("/rss.xml"), &json!(true))
    );
    let list = site.get_as(&token, "/v1/redirects").await;
    assert_eq!(list.body["items"], json!([made.body]));
    let there = site.get_as(&token, made.header("location")).await;
    assert_eq!(there.body, made.body);
    let found = resolved(&site, "/feed vieja.xml%3Fx%23y").await;
    assert_eq!(
        found.body,
        json!({"location": "/rss.xml", "status": 308, "post_id": null})
    );
    let remove = async || {
        let call = Call::delete(made.header("location")).signed(&token);
        call.to(&site).await.status
    };
    assert_eq!((remove().await, remove().await), (204, 404));
    assert_eq!(
        resolved(&site, "/feed vieja.xml").await.refusal(),
        (404, "not_found")
    );
    let again = make(
        &site,
        &token,
        json!({"from": "/feed vieja.xml", "to": "https://example.org", "permanent": false}),
    );
    assert_eq!(again.await.status, 201);
    assert_eq!(
        resolved(&site, "/feed vieja.xml").await.body,
        json!({"location": "https://example.org/", "status": 307, "post_id": null})
    );
}

#[tokio::test]
async fn a_redirect_and_an_alias_cannot_have_the_same_path() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post_from(&site, &token, "Hola", "/viejo").await;
    let refused = make(&site, &token, json!({"from": "/viejo", "to": "/x"})).await;
    assert_eq!(refused.refusal(), (409, "alias_taken"));
    assert_eq!(refused.errors(), [("/from", "taken")]);
    assert_eq!(refused.body["holder"], post.body["id"]);
    make(&site, &token, json!({"from": "/libre", "to": "/x"})).await;
    let body = json!({"title": "Otro", "body": "", "aliases": ["/libre"]});
    let refused = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(refused.refusal(), (409, "alias_taken"));
    let refused = make(&site, &token, json!({"from": "/libre", "to": "/y"})).await;
    assert_eq!(refused.refusal(), (409, "alias_taken"));
}

#[tokio::test]
async fn chains_are_resolved_to_their_end() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post_from(&site, &token, "Hola", "/viejo").await;
    for (from, to, permanent) in [
        ("/a", "/b", true),
        ("/b", "/c?x=1", true),
        ("/c", "/d", false),
        ("/p", "/viejo", true),
    ] {
        let body = json!({"from": from, "to": to, "permanent": permanent});
        assert_eq!(make(&site, &token, body).await.status, 201, "{from}");
    }
    let by_id = json!({"from": "/q", "post_id": post.body["id"]});
    assert_eq!(make(&site, &token, by_id).await.status, 201);
    assert_eq!(
        resolved(&site, "/a").await.body,
        json!({"location": "/d", "status": 307, "post_id": null})
    );
    for path in ["/p", "/q", "/viejo"] {
        let found = resolved(&site, path).await;
        assert_eq!(found.body["location"], "/v1/posts/by-slug/hola?locale=es");
        assert_eq!(found.body["post_id"], post.body["id"]);
    }
    for (from, to) in [("/d", "/a"), ("/d", "/d#x"), ("/d", "/c"), ("/d", "/%64")] {
        let refused = make(&site, &token, json!({"from": from, "to": to})).await;
        assert_eq!(refused.refusal(), (422, "invalid"), "{to}");
        assert_eq!(refused.errors(), [("/to", "out_of_range")]);
    }
    change(&site, &token, &post, "trash").await;
    assert_eq!(resolved(&site, "/q").await.refusal(), (410, "gone"));
}

#[tokio::test]
async fn a_chain_that_is_too_long_is_rejected() {
    let (site, token) = site_as(Role::Editor).await;
    for n in (0..10).rev() {
        let body = json!({"from": format!("/{n}"), "to": format!("/{}", n + 1)});
        assert_eq!(make(&site, &token, body).await.status, 201, "{n}");
    }
    let refused = make(&site, &token, json!({"from": "/x", "to": "/0"})).await;
    assert_eq!(refused.errors(), [("/to", "out_of_range")]);
    assert_eq!(resolved(&site, "/0").await.body["location"], "/10");
}

#[tokio::test]
async fn invalid_redirects_return_422() {
    let (site, token) = site_as(Role::Editor).await;
    let nobody = "01912d68-783e-7a03-8467-5661c1243ad4";
    for (body, expected) in [
        (json!({"from": "/a"}), ("/to", "required")),
        (
            json!({"from": "/a", "to": "//evil.example"}),
            ("/to", "bad_format"),
        ),
        (
            json!({"from": "/a", "to": "javascript:alert(1)"}),
            ("/to", "bad_format"),
        ),
        (json!({"from": "a", "to": "/b"}), ("/from", "bad_format")),
        (
            json!({"from": "/?p=12", "to": "/b"}),
            ("/from", "bad_format"),
        ),
        (json!({"from": "/a#b", "to": "/b"}), ("/from", "bad_format")),
        (json!({"from": "/./a", "to": "/b"}), ("/from", "bad_format")),
        (
            json!({"from": "/a", "to": "/b", "post_id": nobody}),
            ("/post_id", "bad_format"),
        ),
        (
            json!({"from": "/a", "post_id": nobody}),
            ("/post_id", "unknown_reference"),
        ),
        (
            json!({"from": "/a", "to": "/b", "permanent": 1}),
            ("/permanent", "wrong_type"),
        ),
    ] {
        let answer = make(&site, &token, body.clone()).await;
        assert_eq!(answer.refusal(), (422, "invalid"), "{body}");
        assert!(answer.errors().contains(&expected), "{}", answer.body);
    }
    let author = site.token(Role::Author).await;
    let refused = make(&site, &author, json!({"from": "/a", "to": "/b"})).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}

async fn exported(site: &Site, token: &str, query: &str) -> Answer {
    let uri = format!("/v1/redirects/export{query}");
    site.get_as(token, &uri).await
}

#[tokio::test]
async fn redirects_and_former_paths_are_exported() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post_from(&site, &token, "Hola", "/viejo $1.html").await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let renamed = Call::patch(&path).signed(&token).based_on(post.etag());
    let renamed = renamed.json(&json!({"slug": "buenas"})).to(&site).await;
    publish(&site, &token, &renamed).await;
    let gone = a_post_from(&site, &token, "Perdido", "/perdido.html").await;
    change(&site, &token, &gone, "trash").await;
    make(
        &site,
        &token,
        json!({"from": "/a", "to": "/b", "permanent": false}),
    )
    .await;
    make(
        &site,
        &token,
        json!({"from": "/b", "post_id": post.body["id"]}),
    )
    .await;
    let answer = exported(&site, &token, "?pattern=/{locale}/{year}/{slug}").await;
    let mut lines = answer.body["redirects"].as_array().unwrap().clone();
    lines.sort_by_key(|line| line["from"].to_string());
    let to = "/es/2026/buenas";
    assert_eq!(
        lines,
        [
            json!({"from": "/a", "to": to, "status": 302}),
            json!({"from": "/b", "to": to, "status": 301}),
            json!({"from": "/es/2026/hola", "to": to, "status": 301}),
            json!({"from": "/es/2026/perdido", "to": null, "status": 410}),
            json!({"from": "/perdido.html", "to": null, "status": 410}),
            json!({"from": "/viejo $1.html", "to": to, "status": 301}),
        ]
    );
    let nginx = exported(&site, &token, "?format=nginx").await.text;
    assert!(
        nginx.contains("    \"/viejo $1.html\" \"301 /buenas\";\n"),
        "{nginx}"
    );
    assert!(nginx.contains("    \"/perdido\" \"410\";\n"), "{nginx}");
    let netlify = exported(&site, &token, "?format=netlify").await.text;
    assert!(
        netlify.contains("\n/viejo%20%241.html /buenas 301\n"),
        "{netlify}"
    );
    assert!(netlify.contains("\n/a /buenas 302\n"), "{netlify}");
    assert!(!netlify.contains("perdido"), "{netlify}");
}

#[tokio::test]
async fn an_alias_with_a_query_is_rejected() {
    let (site, token) = site_as(Role::Editor).await;
    let body = json!({"title": "Hola", "body": "", "aliases": ["/?p=12", "/que%3F"]});
    let call = Call::post("/v1/posts").signed(&token);
    let refused = call.json(&body).to(&site).await;
    assert_eq!(refused.refusal(), (422, "invalid"));
    assert_eq!(refused.errors(), [("/aliases/0", "bad_format")]);
    let post = a_post_from(&site, &token, "Hola", "/que%3F").await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let call = Call::patch(&path).signed(&token).based_on(post.etag());
    let refused = call.json(&json!({"aliases": ["/#a"]})).to(&site).await;
    assert_eq!(refused.errors(), [("/aliases/0", "bad_format")]);
    let read = site.get_as(&token, &path).await;
    assert_eq!(read.body["aliases"], json!(["/que?"]));
    assert_eq!(resolved(&site, "/").await.status, 404);
    assert_eq!(resolved(&site, "/que%253F").await.status, 200);
}

#[tokio::test]
async fn paths_of_public_posts_are_not_exported() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post_from(&site, &token, "Uno", "/Dos").await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let renamed = Call::patch(&path).signed(&token).based_on(post.etag());
    let renamed = renamed.json(&json!({"slug": "dos"})).to(&site).await;
    publish(&site, &token, &renamed).await;
    a_post_from(&site, &token, "Tres", "/dos").await;
    for from in ["/tres", "/cuatro"] {
        let body = json!({"from": from, "to": "/uno"});
        assert_eq!(make(&site, &token, body).await.status, 201);
    }
    let answer = exported(&site, &token, "").await;
    let lines = answer.body["redirects"].as_array().unwrap();
    let mut froms: Vec<_> = lines.iter().map(|line| &line["from"]).collect();
    froms.sort_by_key(ToString::to_string);
    assert_eq!(froms, ["/Dos", "/cuatro", "/uno"]);
    let nginx = exported(&site, &token, "?format=nginx").await.text;
    assert!(!nginx.contains("\"/Dos\""), "{nginx}");
    assert!(nginx.contains("    \"/uno\" \"301 /dos\";\n"), "{nginx}");
    let elsewhere = exported(&site, &token, "?pattern=/blog/{slug}").await;
    assert!(elsewhere.text.contains("\"/tres\""), "{}", elsewhere.text);
}

#[tokio::test]
async fn an_export_contains_all_pages() {
    let (site, token) = site_as(Role::Editor).await;
    for n in 0..205 {
        let body = json!({"from": format!("/old/{n}"), "to": format!("/new/{n}")});
        make(&site, &token, body).await;
    }
    a_post_from(&site, &token, "Hola", "/viejo").await;
    let lines = exported(&site, &token, "").await;
    assert_eq!(lines.body["redirects"].as_array().unwrap().len(), 206);
}

#[tokio::test]
async fn redirects_are_read_with_every_role_and_managed_by_editors() {
    let site = site().await;
    assert_eq!(
        site.get("/v1/redirects/export").await.refusal(),
        (401, "unauthenticated")
    );
    for role in [Role::Reader, Role::Author] {
        let token = site.token(role).await;
        assert_eq!(exported(&site, &token, "").await.status, 200);
        for path in ["/v1/redirects/unknown", "/v1/redirects/unknown?path=/a"] {
            let call = if path.ends_with("unknown") {
                Call::get(path)
            } else {
                Call::delete(path)
            };
            let answer = call.signed(&token).to(&site).await;
            assert_eq!(answer.refusal(), (403, "forbidden"));
        }
    }
    let token = site.token(Role::Editor).await;
    for query in [
        "?format=apache",
        "?pattern=/{title}",
        "?pattern=/hola",
        "?x=1",
    ] {
        let answer = exported(&site, &token, query).await;
        assert_eq!(answer.refusal(), (400, "bad_query"), "{query}");
    }
    assert_eq!(
        exported(&site, &token, "").await.body,
        json!({"redirects": []})
    );
}
