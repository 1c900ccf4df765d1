use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::path;
use crate::{call::Call, site::site_as};

fn render(token: &str, body: &Value) -> Call {
    Call::post("/v1/render").signed(token).json(body)
}

#[tokio::test]
async fn a_text_is_rendered_as_a_post_with_it_would_be() {
    let (site, token) = site_as(Role::Contributor).await;
    let text = "# Hola\n\n*Uno* ![x](/assets/none.png) <script>alert(1)</script>\n";
    let new = Call::post("/v1/posts").signed(&token);
    let new = new.json(&json!({ "title": "Hola", "body": text }));
    let post = new.to(&site).await;
    let rendered = render(&token, &json!({ "body": text })).to(&site).await;
    assert_eq!(rendered.status, 200, "{}", rendered.body);
    assert_eq!(rendered.body["html"], post.body["html"]);
    assert_eq!(rendered.body["references"], post.body["references"]);
    assert_eq!(rendered.header("cache-control"), "private, no-cache");
    let now = site.get_as(&token, &path(&post)).await;
    assert_eq!(now.body, post.body, "the post does not change");
}

#[tokio::test]
async fn the_text_of_an_imported_post_is_rendered_with_the_values_of_its_file() {
    let (site, token) = site_as(Role::Editor).await;
    let post = Call::post("/v1/posts").signed(&token).json(&json!({
        "title": "Hola",
        "body": "{{ site.name }}",
        "source": {"import": "blog", "path": "_posts/a.md", "sha256": "0".repeat(64), "site": {"name": "Tinta"}},
    }));
    let post = post.to(&site).await;
    assert_eq!(post.status, 201, "{}", post.body);
    let body = json!({ "body": "En {{ site.name }}.", "post_id": post.body["id"] });
    let rendered = render(&token, &body).to(&site).await;
    assert_eq!(rendered.body["html"], "<p>En Tinta.</p>\n");
}

#[tokio::test]
async fn texts_that_a_save_would_reject_are_rejected_in_the_same_way() {
    let (site, token) = site_as(Role::Author).await;
    let deep = format!("{}x", "> ".repeat(2000));
    let refused = render(&token, &json!({ "body": deep })).to(&site).await;
    let new = Call::post("/v1/posts").signed(&token);
    let new = new
        .json(&json!({ "title": "x", "body": deep }))
        .to(&site)
        .await;
    assert_eq!(refused.refusal(), new.refusal());
    assert_eq!(refused.errors(), new.errors());
    for (body, error) in [
        (json!({}), ("/body", "required")),
        (
            json!({ "body": "", "slug": "x" }),
            ("/slug", "unknown_member"),
        ),
    ] {
        let refused = render(&token, &body).to(&site).await;
        assert_eq!(refused.errors(), [error], "{}", refused.body);
    }
}

#[tokio::test]
async fn only_people_who_write_posts_may_render() {
    let (site, reader) = site_as(Role::Reader).await;
    let refused = render(&reader, &json!({ "body": "x" })).to(&site).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let anonymous = Call::post("/v1/render").json(&json!({ "body": "x" }));
    assert_eq!(anonymous.to(&site).await.refusal().0, 401);
}
