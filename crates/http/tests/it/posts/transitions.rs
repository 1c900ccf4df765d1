use serde_json::json;
use tintero_domain::access::Role;

use super::{a_post, a_published_post, path, transition};
use crate::{
    call::Call,
    site::{site, site_as},
};

#[tokio::test]
async fn transitions_change_the_status() {
    let (site, token) = site_as(Role::Editor).await;
    let mut post = a_post(&site, &token, "Hola").await;
    for (name, status, review) in [
        ("submit", "draft", "requested"),
        ("request-changes", "draft", "changes_requested"),
        ("publish", "published", "none"),
        ("unpublish", "draft", "none"),
        ("trash", "trashed", "none"),
        ("untrash", "draft", "none"),
    ] {
        post = transition(&site, &token, &post, name).await;
        assert_eq!(post.status, 200, "{name}: {}", post.body);
        assert_eq!(
            (&post.body["status"], &post.body["review"]),
            (&json!(status), &json!(review))
        );
    }
    assert_eq!(post.etag(), "\"7.1\"");
}

#[tokio::test]
async fn a_request_for_changes_shows_its_note_until_the_next_submission() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post(&site, &token, "Hola").await;
    let request = Call::post(&format!("{}/request-changes", path(&post))).signed(&token);
    let request = |note: &str, etag: &str| {
        let body = json!({ "note": note });
        request.clone().based_on(etag).json(&body)
    };
    let asked = request("Cita la fuente.", post.etag()).to(&site).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    assert_eq!(asked.body["review_note"], "Cita la fuente.");
    let read = site.get_as(&token, &path(&post)).await;
    assert_eq!(read.body["review_note"], "Cita la fuente.");
    let again = request("Y la fecha.", asked.etag()).to(&site).await;
    assert_eq!(again.body["review_note"], "Y la fecha.");
    let empty = request("", again.etag()).to(&site).await;
    assert_eq!(empty.errors(), [("/note", "too_short")]);
    let submitted = transition(&site, &token, &again, "submit").await;
    assert_eq!(submitted.body["review_note"], json!(null));
}

#[tokio::test]
async fn illegal_transitions_return_409_with_the_legal_ones() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_post(&site, &token, "Hola").await;
    let answer = transition(&site, &token, &post, "untrash").await;
    assert_eq!(answer.refusal(), (409, "illegal_transition"));
    assert_eq!(answer.body["post_status"], "draft");
    let legal = json!([
        "edit",
        "submit",
        "request-changes",
        "publish",
        "schedule",
        "trash"
    ]);
    assert_eq!(answer.body["legal"], legal);
}

#[tokio::test]
async fn a_past_date_requires_a_permission_and_a_future_date_is_rejected() {
    let site = site().await;
    let author = site.token(Role::Author).await;
    let post = a_post(&site, &author, "Hola").await;
    let publish = |token: &str, date: &str| {
        let call = Call::post(&format!("{}/publish", path(&post))).signed(token);
        call.based_on(post.etag())
            .json(&json!({ "published_at": date }))
    };
    let refused = publish(&author, "2020-01-01T00:00:00Z").to(&site).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(refused.body["permission"], "posts:backdate");
    let early = publish(&author, "2027-01-01T00:00:00Z").to(&site).await;
    assert_eq!(early.errors(), [("/published_at", "out_of_range")]);
    let editor = site.token(Role::Editor).await;
    let backdated = publish(&editor, "2020-01-01T00:00:00Z").to(&site).await;
    assert_eq!(
        backdated.body["live"]["published_at"],
        "2020-01-01T00:00:00.000Z"
    );
}

#[tokio::test]
async fn a_transition_rejects_members_and_outdated_versions() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_published_post(&site, &token, "Hola").await;
    let call = Call::post(&format!("{}/trash", path(&post)))
        .signed(&token)
        .based_on(post.etag());
    let answer = call.json(&json!({"why": "x"})).to(&site).await;
    assert_eq!(answer.errors(), [("/why", "unknown_member")]);
    let call = Call::post(&format!("{}/trash", path(&post)))
        .signed(&token)
        .based_on("\"1.1\"");
    let stale = call.to(&site).await;
    assert_eq!((stale.refusal(), stale.etag()), ((412, "stale"), "\"2.1\""));
}
