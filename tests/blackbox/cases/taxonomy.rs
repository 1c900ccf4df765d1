//! Categories and bylines.

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, cases, draft, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_category_is_created_found_moved_and_listed,
        a_byline_is_created_found_updated_and_listed,
        posts_are_listed_by_category_and_by_byline,
        a_byline_is_deleted_or_its_posts_are_reassigned,
        names_are_unique,
    ]
}

/// Creates a category or a byline.
async fn make(author: &Client, path: &str, new: &Value) -> Value {
    let made = author.post(path).json(new).send().await.is(201);
    // The `ETag` of an answer with counts also contains a digest of them.
    assert!(made.header("etag").starts_with("\"1.1"));
    let shown = author.get(made.header("location")).send().await.is(200);
    assert_eq!(shown.json(), made.json());
    made.json()
}

fn id_of(made: &Value) -> &str {
    made["id"].as_str().unwrap()
}

/// The resource as it is shown without a credential.
fn public(made: &Value) -> Value {
    let mut shown = made.clone();
    shown.as_object_mut().unwrap().remove("allowed");
    shown
}

async fn a_category_is_created_found_moved_and_listed() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let (upper, lower) = (unique("upper"), unique("lower"));
    let parent = make(&author, "/v1/categories", &json!({ "name": upper })).await;
    let new = json!({ "name": lower, "parent_id": parent["id"] });
    let child = make(&author, "/v1/categories", &new).await;
    assert_eq!(child["path"], format!("{upper}/{lower}"));
    assert_eq!(child["post_count"], 0);
    for name in [id_of(&child), &lower] {
        let found = anonymous
            .get(&format!("/v1/categories/{name}"))
            .send()
            .await;
        assert_eq!(found.is(200).json(), public(&child));
    }
    let list = anonymous.get("/v1/categories").send().await.is(200).json();
    assert!(list["items"].as_array().unwrap().contains(&public(&child)));

    let path = format!("/v1/categories/{}", id_of(&child));
    let change = |tag: &str| {
        author
            .patch(&path)
            .based_on(tag)
            .json(&json!({ "parent_id": null }))
    };
    let moved = change("\"1.1\"").send().await.is(200).json();
    assert_eq!(moved["path"], lower.as_str());
    change("\"1.1\"").send().await.refused(412, "stale");
    author
        .patch(&path)
        .json(&json!({ "name": "x" }))
        .send()
        .await
        .refused(428, "precondition_required");
    let circle = json!({ "parent_id": child["id"] });
    author
        .patch(&path)
        .based_on("\"2.2\"")
        .json(&circle)
        .send()
        .await
        .refused(422, "invalid");
}

async fn a_byline_is_created_found_updated_and_listed() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let name = unique("Ana Núñez");
    let new = json!({ "name": name, "position": "Arquitecta", "bio": "Escribe\nsobre tinta." });
    let made = make(&author, "/v1/bylines", &new).await;
    assert_eq!((&made["name"], &made["bio"]), (&new["name"], &new["bio"]));
    let by_slug = format!("/v1/bylines/{}", made["slug"].as_str().unwrap());
    let shown = anonymous.get(&by_slug).send().await.is(200).json();
    assert_eq!(shown, public(&made));
    assert!(anonymous.walk("/v1/bylines?limit=1").await.contains(&shown));

    let path = format!("/v1/bylines/{}", id_of(&made));
    let change = author
        .patch(&path)
        .based_on("\"1.1\"")
        .json(&json!({ "position": null }));
    let changed = change.send().await.is(200).json();
    assert_eq!(
        (&changed["position"], &changed["bio"]),
        (&Value::Null, &new["bio"])
    );
}

async fn a_byline_is_deleted_or_its_posts_are_reassigned() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let byline = async |stem: &str| {
        let new = json!({ "name": unique(stem) });
        make(&author, "/v1/bylines", &new).await
    };
    let (unused, used, other) = (
        byline("unused").await,
        byline("used").await,
        byline("other").await,
    );
    let path = |byline: &Value| format!("/v1/bylines/{}", id_of(byline));
    let delete = |byline: &Value, query: &str| {
        let call = author.call(Method::DELETE, &format!("{}{query}", path(byline)));
        call.based_on("\"1.1\"").send()
    };
    delete(&unused, "").await.is(204);
    let gone = anonymous.get(&path(&unused)).send().await;
    gone.refused(410, "gone");
    let mut new = draft("signed");
    new["byline_ids"] = json!([used["id"]]);
    let post = author.create_published(&new).await;
    let refused = delete(&used, "").await;
    let problem = refused.json();
    refused.refused(409, "byline_in_use");
    assert_eq!(
        (&problem["count"], &problem["posts"]),
        (&json!(1), &json!([post.id]))
    );
    let query = format!("?reassign_to={}", other["slug"].as_str().unwrap());
    let begun = delete(&used, &query).await.is(202).json();
    assert_eq!(begun["kind"], "merge_bylines");
    for name in [id_of(&used), used["slug"].as_str().unwrap()] {
        let moved = anonymous.get(&format!("/v1/bylines/{name}")).send().await;
        assert_eq!(moved.is(308).header("location"), path(&other));
        let list = format!("/v1/posts?author={name}");
        let rows = anonymous.walk(&list).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["byline_ids"], json!([other["id"]]));
    }
    let again = author.post(&format!("{}/merge", path(&used)));
    let again = again
        .based_on("\"1.1\"")
        .json(&json!({ "into": other["id"] }));
    assert_eq!(again.send().await.is(202).json()["id"], begun["id"]);
}

async fn posts_are_listed_by_category_and_by_byline() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let category = make(
        &author,
        "/v1/categories",
        &json!({ "name": unique("filed") }),
    )
    .await;
    let byline = make(
        &author,
        "/v1/bylines",
        &json!({ "name": unique("credited") }),
    )
    .await;
    let mut new = draft("filed");
    new["category_ids"] = json!([category["id"]]);
    new["byline_ids"] = json!([byline["id"]]);
    let draft = author.create(&new).await;
    let lists = [("category", &category), ("author", &byline)].map(|(name, made)| {
        ["id", "slug"].map(|member| format!("/v1/posts?{name}={}", made[member].as_str().unwrap()))
    });
    for list in lists.iter().flatten() {
        assert!(anonymous.walk(list).await.is_empty(), "{list}");
    }
    author.publish(&draft).await;
    for list in lists.iter().flatten() {
        let rows = anonymous.walk(list).await;
        assert_eq!(rows.len(), 1, "{list}");
        assert_eq!(rows[0]["id"], draft.id.as_str());
    }
    let path = format!("/v1/categories/{}", id_of(&category));
    assert_eq!(
        anonymous.get(&path).send().await.is(200).json()["post_count"],
        1
    );

    new = json!({ "title": "x", "body": "", "category_ids": ["01912d68-783e-7a03-8467-5661c1243ad4"] });
    let problem = author
        .post("/v1/posts")
        .json(&new)
        .send()
        .await
        .refused(422, "invalid");
    assert!(
        problem["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .starts_with("/category_ids")
    );
}

async fn names_are_unique() {
    let author = shared::server().administrator().await;
    for path in ["/v1/categories", "/v1/bylines"] {
        let new = json!({ "name": unique("only-one") });
        make(&author, path, &new).await;
        author
            .post(path)
            .json(&new)
            .send()
            .await
            .refused(409, "slug_taken");
    }
}
