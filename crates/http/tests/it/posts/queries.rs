//! Filters and options of lists.

use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_post, a_published_post, path, transition};
use crate::{
    call::{Answer, Call},
    site::{Site, site_as},
};

async fn listed(site: &Site, token: &str, query: &str) -> Answer {
    let answer = Call::get(&format!("/v1/posts?{query}")).signed(token);
    let answer = answer.to(site).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer
}

fn titles(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap().iter();
    items.map(|item| item["title"].as_str().unwrap()).collect()
}

/// Creates a published post with these members and a title.
async fn published(site: &Site, token: &str, title: &str, mut members: Value) -> Answer {
    members["title"] = json!(title);
    members["body"] = json!("");
    let post = site.post_as(token, "/v1/posts", &members).await;
    assert_eq!(post.status, 201, "{}", post.body);
    site.clock.forward_seconds(1);
    transition(site, token, &post, "publish").await
}

async fn shelf(site: &Site, token: &str, path: &str, name: &str) -> Answer {
    let call = Call::post(path).signed(token).json(&json!({"name": name}));
    call.to(site).await
}

#[tokio::test]
async fn filters_can_be_combined() {
    let (site, token) = site_as(Role::Editor).await;
    let category = shelf(&site, &token, "/v1/categories", "Nube").await.body["id"].clone();
    let byline = shelf(&site, &token, "/v1/bylines", "Ana").await.body["id"].clone();
    let all = json!({"tags": ["Rust"], "category_ids": [category], "byline_ids": [byline]});
    published(&site, &token, "Todo", all).await;
    published(&site, &token, "Etiqueta", json!({"tags": ["rust"]})).await;
    published(
        &site,
        &token,
        "Inglés",
        json!({"tags": ["rust"], "locale": "en"}),
    )
    .await;
    published(
        &site,
        &token,
        "Categoría",
        json!({"category_ids": [category]}),
    )
    .await;
    for (query, expected) in [
        ("tag=rust&category=nube", &["Todo"][..]),
        ("tag=rust&author=ana&category=nube&locale=es", &["Todo"]),
        ("tag=rust&locale=es", &["Etiqueta", "Todo"]),
        ("tag=rust&tag=otra", &[]),
        ("locale=en,es&tag=rust", &["Inglés", "Etiqueta", "Todo"]),
        ("category=nube&locale=es", &["Categoría", "Todo"]),
        ("tag=rust&locale=en&author=ana", &[]),
        (
            "tag=rust&published_after=2026-01-01T00:00:01Z",
            &["Inglés", "Etiqueta"],
        ),
        (
            "published_before=2026-01-01T00:00:03Z&published_after=2026-01-01T00:00:01Z",
            &["Etiqueta"],
        ),
        (
            "status=published&view=working&tag=rust&locale=en",
            &["Inglés"],
        ),
        ("status=any&category=nube", &["Categoría", "Todo"]),
        ("status=draft&tag=rust", &[]),
    ] {
        assert_eq!(
            titles(&listed(&site, &token, query).await),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn posts_by_id_are_returned_in_the_given_order() {
    let (site, token) = site_as(Role::Editor).await;
    let uno = a_published_post(&site, &token, "Uno").await;
    let dos = a_post(&site, &token, "Dos").await;
    let tres = a_published_post(&site, &token, "Tres").await;
    let id = |post: &Answer| post.body["id"].as_str().unwrap().to_owned();
    let nobody = "01912d68-783e-7a03-8467-5661c1243ad4".to_owned();
    let ids = [id(&tres), nobody.clone(), id(&dos), id(&uno)].join(",");
    let live = site.get(&format!("/v1/posts?ids={ids}")).await;
    assert_eq!(titles(&live), ["Tres", "Uno"]);
    assert_eq!(live.body["missing"], json!([nobody, id(&dos)]));
    assert_eq!(live.body["items"][0]["view"], "live");
    let working = listed(&site, &token, &format!("status=any&ids={ids}")).await;
    assert_eq!(titles(&working), ["Tres", "Dos", "Uno"]);
    assert_eq!(working.body["missing"], json!([nobody]));
    for (query, code) in [
        (format!("ids={},{}", id(&uno), id(&uno)), "duplicate"),
        ("ids=x".to_owned(), "bad_format"),
        ("ids=".to_owned(), "bad_format"),
        (
            format!("ids={}", vec![nobody.as_str(); 101].join(",")),
            "too_long",
        ),
    ] {
        let refused = site.get(&format!("/v1/posts?{query}")).await;
        assert_eq!(refused.refusal().0, 400);
        assert_eq!(refused.errors(), [("ids", code)], "{query}");
    }
}

#[tokio::test]
async fn fields_selects_the_returned_members() {
    let (site, token) = site_as(Role::Editor).await;
    let post = a_published_post(&site, &token, "Uno").await;
    let answer = site.get("/v1/posts?fields=slug,title").await;
    assert_eq!(
        answer.body["items"],
        json!([{"view": "sparse_live", "id": post.body["id"], "title": "Uno", "slug": "uno"}])
    );
    let whole = site.get("/v1/posts").await;
    assert_ne!(answer.etag(), whole.etag());
    let texts = site.get("/v1/posts?fields=title,html").await;
    assert_eq!(
        texts.body["items"],
        json!([{"view": "sparse_live", "id": post.body["id"], "title": "Uno",
            "html": "<h1 id=\"user-content-uno\">Uno</h1>\n<p>Texto.</p>\n"}])
    );
    let repeated = site.get("/v1/posts?fields=slug&fields=title").await;
    assert_eq!(repeated.body, answer.body);
    let desk = listed(&site, &token, "status=any&fields=version").await;
    assert_eq!(
        desk.body["items"],
        json!([{"view": "sparse_working", "id": post.body["id"], "version": 2}])
    );
    for query in [
        "fields=version",
        "fields=text",
        "fields=",
        "status=any&fields=nonsense",
    ] {
        let call = Call::get(&format!("/v1/posts?{query}")).signed(&token);
        let refused = call.to(&site).await;
        assert_eq!(refused.errors(), [("fields", "unknown_field")], "{query}");
    }
}

#[tokio::test]
async fn related_resources_are_included_once() {
    let (site, token) = site_as(Role::Editor).await;
    let category = shelf(&site, &token, "/v1/categories", "Nube").await;
    let byline = shelf(&site, &token, "/v1/bylines", "Ana").await;
    let members = json!({"category_ids": [category.body["id"]], "byline_ids": [byline.body["id"]]});
    published(&site, &token, "Uno", members.clone()).await;
    published(&site, &token, "Dos", members).await;
    let query = "/v1/posts?include=categories,bylines,images";
    let answer = site.get(query).await;
    let included = &answer.body["included"];
    assert_eq!(
        included["categories"],
        json!([{"id": category.body["id"], "name": "Nube", "slug": "nube", "path": "nube"}])
    );
    assert_eq!(included["bylines"], json!([byline.public()]));
    assert_eq!(included["images"], json!([]));
    let patch = Call::patch(byline.header("location")).signed(&token);
    let patch = patch
        .based_on(byline.etag())
        .json(&json!({"name": "Ana Núñez"}));
    assert_eq!(patch.to(&site).await.status, 200);
    let again = site.get(query).await;
    assert_ne!(again.etag(), answer.etag());
    assert_eq!(site.get("/v1/posts").await.body["included"], Value::Null);
}

#[tokio::test]
async fn changes_can_be_followed() {
    let (site, token) = site_as(Role::Editor).await;
    let uno = a_post(&site, &token, "Uno").await;
    site.clock.forward_seconds(10);
    a_post(&site, &token, "Dos").await;
    site.clock.forward_seconds(10);
    let patch = Call::patch(&path(&uno)).signed(&token).based_on(uno.etag());
    patch
        .json(&json!({"title": "Uno otra vez"}))
        .to(&site)
        .await;
    let since = "status=any&updated_since=2026-01-01T00:00:10Z";
    assert_eq!(
        titles(&listed(&site, &token, since).await),
        ["Dos", "Uno otra vez"]
    );
    let first = listed(&site, &token, &format!("{since}&limit=1")).await;
    let cursor = first.body["page"]["next_cursor"].as_str().unwrap();
    let next = listed(&site, &token, &format!("{since}&limit=1&cursor={cursor}")).await;
    assert_eq!(titles(&next), ["Uno otra vez"]);
    let other = "status=any&updated_since=2026-01-01T00:00:11Z";
    let foreign = Call::get(&format!("/v1/posts?{other}&limit=1&cursor={cursor}"));
    let foreign = foreign.signed(&token).to(&site).await;
    assert_eq!(foreign.refusal(), (400, "bad_cursor"));
}

#[tokio::test]
async fn descendants_includes_posts_of_subcategories() {
    let (site, token) = site_as(Role::Editor).await;
    let make = async |name: &str, parent: Value| {
        let call = Call::post("/v1/categories").signed(&token);
        let made = call
            .json(&json!({"name": name, "parent_id": parent}))
            .to(&site)
            .await;
        made.body["id"].clone()
    };
    let cloud = make("Nube", Value::Null).await;
    let aws = make("AWS", cloud.clone()).await;
    let lambda = make("Lambda", aws.clone()).await;
    let filed = |ids: &[&Value]| json!({"category_ids": ids, "tags": ["rust"]});
    published(&site, &token, "Nube", filed(&[&cloud])).await;
    published(&site, &token, "Dos", filed(&[&aws, &lambda])).await;
    published(&site, &token, "Lambda", filed(&[&lambda])).await;
    published(&site, &token, "Nada", json!({"tags": ["rust"]})).await;
    let all = ["Lambda", "Dos", "Nube"];
    for (query, expected) in [
        ("category=nube", &["Nube"][..]),
        ("category=nube&descendants=false", &["Nube"]),
        ("category=nube&descendants=true", &all),
        ("category=nube&descendants=true&tag=rust", &all),
        ("category=aws&descendants=true&locale=es", &all[..2]),
        ("status=any&category=nube&descendants=true", &all),
    ] {
        assert_eq!(
            titles(&listed(&site, &token, query).await),
            expected,
            "{query}"
        );
    }
    let alone = site.get("/v1/posts?descendants=true").await;
    assert_eq!(alone.errors(), [("descendants", "unknown_combination")]);
}

#[tokio::test]
async fn a_post_that_moves_inside_a_subtree_is_always_listed_once() {
    let (site, token) = site_as(Role::Editor).await;
    let top = shelf(&site, &token, "/v1/categories", "Nube").await.body["id"].clone();
    let below = shelf(&site, &token, "/v1/categories", "AWS").await;
    let below = (below.body["id"].clone(), below.etag().to_owned());
    let under = format!("/v1/categories/{}", below.0.as_str().unwrap());
    let under = Call::patch(&under).signed(&token).based_on(&below.1);
    under.json(&json!({"parent_id": top})).to(&site).await;
    for (from, to) in [(&top, &below.0), (&below.0, &top)] {
        let title = format!("De {from}");
        let post = published(&site, &token, &title, json!({"category_ids": [from]})).await;
        let edit = Call::patch(&path(&post))
            .signed(&token)
            .based_on(post.etag());
        let edit = edit.json(&json!({"category_ids": [to]})).to(&site).await;
        let plan = Call::post(&format!("{}/schedule", path(&post))).signed(&token);
        let soon = json!({"publish_at": "2026-01-01T00:05:00Z"});
        let plan = plan.based_on(edit.etag()).json(&soon).to(&site).await;
        assert_eq!(plan.status, 200, "{}", plan.body);
    }
    let all = format!("category={}&descendants=true", top.as_str().unwrap());
    assert_eq!(titles(&listed(&site, &token, &all).await).len(), 2);
    site.clock.forward_seconds(400);
    assert_eq!(titles(&listed(&site, &token, &all).await).len(), 2);
}
