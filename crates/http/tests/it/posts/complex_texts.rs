use serde_json::json;
use tintero_domain::access::Role;

use super::{a_post, path};
use crate::{call::Call, site::site_as};

/// A body with too many cells, most of which are missing.
fn table() -> String {
    let [head, delimiters, rows] = ["|a", "|-", "|b\n"].map(|part| part.repeat(300));
    format!("{head}\n{delimiters}\n{rows}")
}

#[tokio::test]
async fn a_text_that_is_too_complex_is_refused_with_the_limit() {
    let (site, token) = site_as(Role::Author).await;
    let created = site
        .post_as(
            &token,
            "/v1/posts",
            &json!({"title": "Tabla", "body": table()}),
        )
        .await;
    assert_eq!(created.refusal(), (422, "too_complex"));
    assert_eq!(created.errors(), [("/body", "too_complex")]);
    assert_eq!(created.body["limit"], "table_cells");
    assert_eq!(created.body["max"], 50_000);
    let detail = "The text has more than 50000 table cells. Split the tables, or link to a file with the data.";
    assert_eq!(created.body["detail"], detail);

    let post = a_post(&site, &token, "Hola").await;
    let patch = Call::patch(&path(&post))
        .signed(&token)
        .based_on(post.etag());
    let edited = patch.json(&json!({"body": table()})).to(&site).await;
    assert_eq!(edited.refusal(), (422, "too_complex"));
    let kept = site.get_as(&token, &path(&post)).await;
    assert_eq!(
        (kept.etag(), &kept.body["body"]),
        (post.etag(), &post.body["body"])
    );
}

#[tokio::test]
async fn revisions_that_differ_too_much_are_not_compared() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let mut tag = post.etag().to_owned();
    for line in ["a\n", "b\n"] {
        let patch = Call::patch(&path(&post)).signed(&token).based_on(&tag);
        let edited = patch
            .json(&json!({"body": line.repeat(60_000)}))
            .to(&site)
            .await;
        assert_eq!(edited.status, 200, "{}", edited.body);
        edited.etag().clone_into(&mut tag);
    }
    let diff = format!("{}/revisions/3/diff?from=2", path(&post));
    let diff = site.get_as(&token, &diff).await;
    assert_eq!(diff.refusal(), (422, "too_complex"));
    assert_eq!(diff.body["limit"], "diff_lines");
    assert!(diff.body.get("errors").is_none());
    let revision = site
        .get_as(&token, &format!("{}/revisions/3", path(&post)))
        .await;
    assert_eq!(revision.status, 200);
}
