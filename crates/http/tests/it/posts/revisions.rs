use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_post, a_published_post, path, transition};
use crate::{
    call::{Answer, Call},
    site::{Site, site_as},
};

async fn edit(site: &Site, token: &str, post: &Answer, patch: Value) -> Answer {
    let call = Call::patch(&path(post)).signed(token).based_on(post.etag());
    let answer = call.json(&patch).to(site).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

#[tokio::test]
async fn revisions_are_listed_compared_and_restored() {
    let (site, token) = site_as(Role::Author).await;
    let first = a_post(&site, &token, "Hola").await;
    let patch = json!({"title": "Adiós", "body": "# Hola\n\nOtro.\n", "note": "Mejor así"});
    let second = edit(&site, &token, &first, patch).await;
    let second = transition(&site, &token, &second, "publish").await;
    let post = path(&first);
    let get = |place: &str| Call::get(&format!("{post}{place}")).signed(&token);

    let list = get("/revisions?limit=1").to(&site).await;
    assert_eq!(list.body["page"]["has_next"], true);
    assert!(list.header("link").contains("/revisions?limit=1&cursor="));
    let row = list.body["items"][0].clone();
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("row", row); });

    let kept = get("/revisions/1").to(&site).await;
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("revision", kept.body); });
    let diff = get("/revisions/2/diff?from=1").to(&site).await;
    insta::assert_json_snapshot!("diff", diff.body);

    let call = Call::post(&format!("{post}/revisions/1/restore")).signed(&token);
    let restored = call
        .based_on(second.etag())
        .json(&json!({"note": "Como antes"}))
        .to(&site)
        .await;
    assert_eq!(
        (restored.status, restored.etag()),
        (200, "\"4.3\""),
        "{}",
        restored.body
    );
    assert_eq!(
        (&restored.body["title"], &restored.body["body"]),
        (&first.body["title"], &first.body["body"])
    );
    assert_eq!(restored.body["has_unpublished_changes"], true);
    let newest = get("/revisions").to(&site).await.body["items"][0].clone();
    assert_eq!(
        (&newest["restored_from"], &newest["note"]),
        (&json!(1), &json!("Como antes"))
    );
}

#[tokio::test]
async fn invalid_and_unknown_revisions_return_404() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let call = |place: &str| Call::get(&format!("{}{place}", path(&post)));
    for place in [
        "/revisions/2",
        "/revisions/0",
        "/revisions/01",
        "/revisions/x",
        "/revisions/1/diff?from=2",
    ] {
        let answer = call(place).signed(&token).to(&site).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{place}");
        assert_eq!(
            call(place).to(&site).await.refusal(),
            (401, "unauthenticated")
        );
    }
    for place in [
        "/revisions/1/diff",
        "/revisions/1/diff?from=x",
        "/revisions/1?a=b",
        "/revisions?a=b",
    ] {
        let answer = call(place).signed(&token).to(&site).await;
        assert_eq!(answer.refusal(), (400, "bad_query"), "{place}");
    }
    let absent = "/v1/posts/019b0000-0000-7000-8000-00000000ffff/revisions";
    assert_eq!(
        site.get_as(&token, absent).await.refusal(),
        (404, "not_found")
    );
    let restore = Call::post(&format!("{}/revisions/1/restore", path(&post))).signed(&token);
    assert_eq!(
        restore.to(&site).await.refusal(),
        (428, "precondition_required")
    );
}

#[tokio::test]
async fn a_note_is_one_short_line() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    for note in ["", "a\nb", &"ñ".repeat(201)] {
        let call = Call::patch(&path(&post))
            .signed(&token)
            .based_on(post.etag());
        let answer = call
            .json(&json!({"title": "A", "note": note}))
            .to(&site)
            .await;
        assert_eq!(answer.refusal(), (422, "invalid"));
        assert_eq!(answer.errors()[0].0, "/note");
    }
    edit(
        &site,
        &token,
        &post,
        json!({"title": "A", "note": "ñ".repeat(200)}),
    )
    .await;
}

#[tokio::test]
async fn a_stale_patch_is_merged_with_merge_auto() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    edit(&site, &token, &post, json!({"tags": ["Nubes"]})).await;
    let late = |query: &str, patch: Value| {
        let call = Call::patch(&format!("{}{query}", path(&post))).signed(&token);
        call.based_on(post.etag()).json(&patch)
    };
    let told = late("", json!({"title": "Adiós"})).to(&site).await;
    assert_eq!(told.refusal(), (412, "stale"));
    assert_eq!(told.body["mergeable"], true);
    assert!(told.body["detail"].as_str().unwrap().contains("merge=auto"));
    let merged = late("?merge=auto", json!({"title": "Adiós"}))
        .to(&site)
        .await;
    assert_eq!(
        (merged.status, merged.etag()),
        (200, "\"3.3\""),
        "{}",
        merged.body
    );
    assert_eq!(
        (&merged.body["title"], &merged.body["tags"]),
        (&json!("Adiós"), &json!(["Nubes"]))
    );
    assert_eq!(merged.body["merged"], true);
    assert_eq!(
        merged.body["diff"]["fields"],
        json!({"tags": {"from": ["Rust"], "to": ["Nubes"]}})
    );
    let plain = site.get_as(&token, &path(&post)).await;
    assert!(plain.body.get("merged").is_none() && plain.body.get("diff").is_none());

    let [refused, without] =
        ["?merge=auto", ""].map(|query| late(query, json!({"title": "Hasta luego"})));
    let (refused, without) = (refused.to(&site).await, without.to(&site).await);
    assert_eq!(refused.refusal(), (412, "stale"));
    assert_eq!(refused.body["conflicts"], without.body["conflicts"]);
    assert_eq!(
        late("?merge=yes", json!({})).to(&site).await.refusal(),
        (400, "bad_query")
    );
}

#[tokio::test]
async fn a_conflict_links_to_both_revisions_and_their_diff() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    edit(&site, &token, &post, json!({"title": "Primero"})).await;
    let late = transition(&site, &token, &post, "publish").await;
    assert_eq!(late.refusal(), (412, "stale"));
    for (name, part) in [
        ("base", "/revisions/1"),
        ("current", "/revisions/2"),
        ("diff", "/revisions/2/diff?from=1"),
    ] {
        let link = late.body["links"][name].as_str().unwrap();
        assert_eq!(link, format!("{}{part}", path(&post)));
        assert_eq!(site.get_as(&token, link).await.status, 200);
    }
}

#[tokio::test]
async fn a_taken_slug_returns_suggestions() {
    let (site, token) = site_as(Role::Author).await;
    a_published_post(&site, &token, "Hola").await;
    let body = json!({"title": "Hola", "body": ""});
    let refused = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(refused.refusal(), (409, "slug_taken"));
    assert_eq!(
        refused.body["suggestions"],
        json!(["hola-2", "hola-3", "hola-2026"])
    );
    let body = json!({"title": "—…—", "body": ""});
    let refused = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(refused.errors(), [("/slug", "required")]);
}
