//! Categories and bylines in the API.

use serde_json::json;
use tintero_domain::access::Role;

use crate::{call::Call, site::site};

#[tokio::test]
async fn a_category_is_created_read_by_id_and_slug_listed_and_moved() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let create = |body| Call::post("/v1/categories").signed(&token).json(&body);
    let top = create(json!({"name": "Informática"})).to(&site).await;
    assert_eq!(top.status, 201);
    // The path and the count change without a write of the category.
    assert!(top.etag().starts_with("\"1.1-"), "{}", top.etag());
    let id = top.body["id"].as_str().unwrap();
    assert_eq!(top.header("location"), format!("/v1/categories/{id}"));
    let below = create(json!({"name": "AWS", "parent_id": id}))
        .to(&site)
        .await;
    assert_eq!(below.body["path"], "informatica/aws");

    for name in [id, "informatica"] {
        assert_eq!(
            Call::get(&format!("/v1/categories/{name}"))
                .to(&site)
                .await
                .body,
            top.public()
        );
    }
    let list = Call::get("/v1/categories").to(&site).await;
    assert_eq!(list.body["items"], json!([top.public(), below.public()]));

    let below = below.body["id"].as_str().unwrap();
    let patch = Call::patch(&format!("/v1/categories/{below}"));
    let patch = patch
        .signed(&token)
        .based_on("\"1.1\"")
        .json(&json!({"parent_id": null, "name": "Nube"}));
    let moved = patch.to(&site).await;
    assert_eq!(
        (moved.status, &moved.body["path"], &moved.body["name"]),
        (200, &json!("aws"), &json!("Nube"))
    );
    assert!(moved.etag().starts_with("\"2.2-"), "{}", moved.etag());
    let stale = Call::patch(&format!("/v1/categories/{below}"));
    let stale = stale
        .signed(&token)
        .based_on("\"1.1\"")
        .json(&json!({"name": "X"}))
        .to(&site)
        .await;
    assert_eq!(stale.refusal(), (412, "stale"));
    assert_eq!(stale.body["current_version"], 2);
}

#[tokio::test]
async fn an_invalid_category_is_rejected_with_its_errors() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let create = |body| Call::post("/v1/categories").signed(&token).json(&body);
    let wrong = create(json!({"name": "", "slug": "A B", "parent_id": 7, "x": 1}))
        .to(&site)
        .await;
    assert_eq!(wrong.refusal(), (422, "invalid"));
    assert_eq!(
        wrong.errors(),
        [
            ("/name", "too_short"),
            ("/slug", "bad_format"),
            ("/parent_id", "wrong_type"),
            ("/x", "unknown_member")
        ]
    );
    let orphan = create(json!({"name": "A", "parent_id": "01912d68-783e-7a03-8467-5661c1243ad4"}))
        .to(&site)
        .await;
    assert_eq!(orphan.errors(), [("/parent_id", "unknown_reference")]);
    create(json!({"name": "A"})).to(&site).await;
    assert_eq!(
        create(json!({"name": "a"})).to(&site).await.refusal(),
        (409, "slug_taken")
    );
    let keyed = create(json!({"name": "B"}))
        .header("idempotency-key", "k")
        .to(&site)
        .await;
    assert_eq!(keyed.refusal(), (400, "bad_header"));
    assert_eq!(
        Call::get("/v1/categories/nada").to(&site).await.refusal(),
        (404, "not_found")
    );
    let author = site.token(Role::Author).await;
    let refused = Call::post("/v1/categories")
        .signed(&author)
        .json(&json!({"name": "C"}))
        .to(&site)
        .await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}

#[tokio::test]
async fn posts_are_listed_by_category_and_by_author() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let category = Call::post("/v1/categories")
        .signed(&token)
        .json(&json!({"name": "AWS"}))
        .to(&site)
        .await;
    let byline =
        json!({"name": "Ana Núñez", "position": "Arquitecta", "bio": "Escribe\nsobre la nube."});
    let byline = Call::post("/v1/bylines")
        .signed(&token)
        .json(&byline)
        .to(&site)
        .await;
    assert_eq!(
        (byline.status, &byline.body["slug"]),
        (201, &json!("ana-nunez"))
    );
    let post = json!({
        "title": "Hola", "body": "Hola", "category_ids": [category.body["id"]], "byline_ids": [byline.body["id"]],
    });
    let post = Call::post("/v1/posts")
        .signed(&token)
        .json(&post)
        .to(&site)
        .await;
    let publish = format!("/v1/posts/{}/publish", post.body["id"].as_str().unwrap());
    Call::post(&publish)
        .signed(&token)
        .based_on(post.etag())
        .to(&site)
        .await;
    for filter in [
        "category=aws".to_owned(),
        format!("category={}", category.body["id"].as_str().unwrap()),
        "author=ana-nunez".to_owned(),
        format!("author={}", byline.body["id"].as_str().unwrap()),
    ] {
        let list = Call::get(&format!("/v1/posts?{filter}")).to(&site).await;
        assert_eq!(list.body["items"][0]["title"], "Hola", "{filter}");
    }
    assert_eq!(
        Call::get("/v1/posts?category=nada")
            .to(&site)
            .await
            .refusal(),
        (404, "not_found")
    );
    assert_eq!(
        Call::get("/v1/posts?category=A%20B")
            .to(&site)
            .await
            .refusal(),
        (400, "bad_query")
    );
    let counted = Call::get("/v1/categories/aws").to(&site).await;
    assert_eq!(counted.body["post_count"], 1);
}

#[tokio::test]
async fn bylines_are_updated_and_listed_in_pages() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let create = |name: &str| {
        Call::post("/v1/bylines")
            .signed(&token)
            .json(&json!({ "name": name }))
    };
    let ana = create("Ana").to(&site).await;
    site.clock.forward_seconds(1);
    create("Juan").to(&site).await;
    let patch = format!("/v1/bylines/{}", ana.body["id"].as_str().unwrap());
    let patch = Call::patch(&patch)
        .signed(&token)
        .based_on(ana.etag())
        .json(&json!({"position": "Editora"}));
    assert_eq!(patch.to(&site).await.body["position"], "Editora");
    let first = Call::get("/v1/bylines?limit=1").to(&site).await;
    let cursor = first.body["page"]["next_cursor"].as_str().unwrap();
    let second = Call::get(&format!("/v1/bylines?limit=1&cursor={cursor}"))
        .to(&site)
        .await;
    let names =
        [&first, &second].map(|page| page.body["items"][0]["name"].as_str().unwrap().to_owned());
    assert_eq!(names, ["Juan", "Ana"]);
}

#[tokio::test]
async fn a_former_slug_leads_to_its_category_or_byline() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    for (kind, filter) in [("categories", "category"), ("bylines", "author")] {
        let all = format!("/v1/{kind}");
        let create = |name: &str| Call::post(&all).signed(&token).json(&json!({"name": name}));
        let created = create("Uno").to(&site).await;
        let id = created.body["id"].as_str().unwrap();
        let one = format!("{all}/{id}");
        let rename = Call::patch(&one).signed(&token).based_on("\"1.1\"");
        let renamed = rename.json(&json!({"slug": "dos"})).to(&site).await;
        assert_eq!(renamed.status, 200, "{}", renamed.text);

        let moved = site.get(&format!("{all}/uno")).await;
        assert_eq!((moved.status, moved.header("location")), (308, &*one));
        let listed = site.get(&format!("/v1/posts?{filter}=uno")).await;
        assert_eq!(listed.status, 200, "{}", listed.text);

        // Another one may take the slug.
        let other = create("Uno").to(&site).await;
        assert_eq!(other.status, 201, "{}", other.text);
        let found = site.get(&format!("{all}/uno")).await;
        assert_eq!((found.status, &found.body["id"]), (200, &other.body["id"]));
    }
}
