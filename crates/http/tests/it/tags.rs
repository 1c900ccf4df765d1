//! Renaming and merging of tags in the API.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::Call,
    site::{Site, site},
};

/// A tag as a segment of a path.
fn at(tag: &str) -> String {
    format!("/v1/tags/{tag}")
}

async fn a_post_tagged(site: &Site, token: &str, tags: &Value) {
    let post = json!({"title": format!("Hola {tags}"), "body": "Hola", "tags": tags});
    let post = Call::post("/v1/posts").signed(token).json(&post);
    let post = post.to(site).await;
    let publish = format!("/v1/posts/{}/publish", post.body["id"].as_str().unwrap());
    let publish = Call::post(&publish).signed(token).based_on(post.etag());
    assert_eq!(publish.to(site).await.status, 200);
}

fn rename_tag(token: &str, path: &str, name: &str) -> Call {
    let call = Call::patch(path).signed(token);
    call.json(&json!({ "name": name }))
}

fn merge_tag(token: &str, path: &str, into: &str) -> Call {
    let call = Call::post(&format!("{path}/merge")).signed(token);
    call.json(&json!({ "into": into }))
}

#[tokio::test]
async fn a_tag_with_special_characters_is_renamed_and_its_old_name_is_an_alias() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    a_post_tagged(&site, &token, &json!(["C/C++ & España #1", "AWS"])).await;
    let path = at("c%2FC%2B%2B%20%26%20ESPA%C3%91A%20%231");
    let accepted = rename_tag(&token, &path, "Sistemas").to(&site).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let operation = accepted.header("location").to_owned();
    assert_eq!(accepted.body["kind"], "merge_tags");
    let links = &accepted.body["links"];
    assert_eq!(links["self"], operation);
    let subject = "/v1/posts?tag=c%2Fc%2B%2B%20%26%20espa%C3%B1a%20%231";
    assert_eq!(links["subject"], subject);
    assert_eq!(links["result"], "/v1/posts?tag=sistemas");
    assert_eq!(
        (&accepted.body["state"], &accepted.body["total"]),
        (&json!("queued"), &json!(1))
    );
    let shown = async || {
        for list in [subject, "/v1/posts?tag=Sistemas"] {
            let list = Call::get(list).to(&site).await;
            let tags = &list.body["items"][0]["tags"];
            assert_eq!(*tags, json!(["Sistemas", "AWS"]));
        }
        let tags = Call::get("/v1/tags").to(&site).await;
        let expected =
            json!([{"tag": "aws", "post_count": 1}, {"tag": "sistemas", "post_count": 1}]);
        assert_eq!(tags.body["items"], expected);
    };
    shown().await;
    site.work().await;
    shown().await;
    let seen = Call::get(&operation).signed(&token).to(&site).await;
    assert_eq!(seen.body["state"], "succeeded", "{}", seen.text);
    let again = rename_tag(&token, &path, "Sistemas").to(&site).await;
    assert_eq!(again.header("location"), operation, "same operation");
    let post = json!({"title": "Otro", "body": "Otro", "tags": ["c/c++ & españa #1"]});
    let post = Call::post("/v1/posts").signed(&token).json(&post);
    assert_eq!(post.to(&site).await.body["tags"], json!(["Sistemas"]));
}

#[tokio::test]
async fn a_tag_is_merged_and_invalid_requests_are_rejected() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    for tags in [json!(["js"]), json!(["Ecma", "js"]), json!(["rust"])] {
        a_post_tagged(&site, &token, &tags).await;
    }
    let (js, nothing) = (at("js"), at("nothing"));
    for call in [
        rename_tag(&token, &nothing, "x"),
        merge_tag(&token, &nothing, "js"),
        rename_tag(&token, &at(&"x".repeat(41)), "x"),
    ] {
        assert_eq!(call.to(&site).await.refusal(), (404, "not_found"));
    }
    let refused = rename_tag(&token, &js, "ECMA").to(&site).await;
    assert_eq!(refused.refusal(), (409, "tag_taken"));
    assert_eq!(refused.errors(), [("/name", "taken")]);
    let detail = "The tag ECMA is taken because published posts use it: to combine both tags, merge this one into it: POST /v1/tags/{tag}/merge.";
    assert_eq!(refused.body["detail"], detail);
    for (call, pointer, code) in [
        (rename_tag(&token, &js, "JS"), "/name", "out_of_range"),
        (rename_tag(&token, &js, ""), "/name", "too_short"),
        (merge_tag(&token, &js, "Js"), "/into", "out_of_range"),
        (merge_tag(&token, &js, "new"), "/into", "unknown_reference"),
        (
            Call::patch(&js).signed(&token).json(&json!({})),
            "/name",
            "required",
        ),
    ] {
        let refused = call.to(&site).await;
        assert_eq!(refused.refusal(), (422, "invalid"), "{}", refused.text);
        assert_eq!(refused.errors(), [(pointer, code)]);
    }
    let keyed = merge_tag(&token, &js, "Ecma").header("idempotency-key", "k");
    assert_eq!(keyed.to(&site).await.refusal(), (400, "bad_header"));
    let author = site.token(Role::Author).await;
    let refused = merge_tag(&author, &js, "Ecma").to(&site).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(refused.body["permission"], "tags:manage");
    let stranger = Call::patch(&js).json(&json!({"name": "x"}));
    let refused = stranger.to(&site).await;
    assert_eq!(refused.refusal(), (401, "unauthenticated"));

    let accepted = merge_tag(&token, &js, "Ecma").to(&site).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let alias = rename_tag(&token, &at("rust"), "js").to(&site).await;
    assert_eq!(alias.refusal(), (409, "tag_taken"));
    let detail = "The tag js is taken because it is an alias of the tag Ecma: to combine both tags, merge this one into that tag: POST /v1/tags/{tag}/merge.";
    assert_eq!(alias.body["detail"], detail);
    let back = rename_tag(&token, &at("ecma"), "JS").to(&site).await;
    assert_eq!(back.refusal(), (409, "tag_taken"));
    let detail = "The tag JS is taken because posts are still being moved from it: the name is free after that operation; see /v1/operations.";
    assert_eq!(back.body["detail"], detail);
    site.work().await;
    let back = rename_tag(&token, &at("ecma"), "JS").to(&site).await;
    assert_eq!(back.status, 202, "{}", back.text);
    let tags = Call::get("/v1/tags").to(&site).await;
    let expected = json!([{"tag": "js", "post_count": 2}, {"tag": "rust", "post_count": 1}]);
    assert_eq!(tags.body["items"], expected);
}

#[tokio::test]
async fn an_old_name_in_a_stale_edit_is_not_a_change() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    a_post_tagged(&site, &token, &json!(["js"])).await;
    let draft = json!({"title": "Borrador", "body": "Uno", "tags": ["js"]});
    let draft = Call::post("/v1/posts").signed(&token).json(&draft);
    let draft = draft.to(&site).await;
    let path = format!("/v1/posts/{}", draft.body["id"].as_str().unwrap());
    let renamed = rename_tag(&token, &at("js"), "JavaScript");
    assert_eq!(renamed.to(&site).await.status, 202);
    let change = |query: &str, patch: Value| {
        let call = Call::patch(&format!("{path}{query}")).signed(&token);
        call.based_on(draft.etag()).json(&patch)
    };
    let earlier = change("", json!({"title": "Otro"})).to(&site).await;
    assert_eq!(earlier.status, 200, "{}", earlier.text);
    let late = change("?merge=auto", json!({"body": "Dos", "tags": ["js"]}));
    let late = late.to(&site).await;
    assert_eq!(late.status, 200, "{}", late.text);
    assert_eq!(
        (&late.body["title"], &late.body["tags"]),
        (&json!("Otro"), &json!(["JavaScript"]))
    );
}
