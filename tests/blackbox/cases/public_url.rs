//! Addresses in answers if the public URL has a path.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Post, Server, Setup, cases, draft, gif, next_of};

/// The path of the public URL. A proxy removes it before it passes a request on.
const PATH: &str = "/cms";

pub(super) fn all() -> Vec<Trial> {
    cases![
        every_address_is_below_the_path_of_the_public_url,
        the_document_and_its_page_are_below_the_path_of_the_public_url,
    ]
}

fn start() -> Server {
    let url = format!("https://blog.example.org{PATH}");
    Setup::memory().with("TINTERO_PUBLIC_URL", &url).start()
}

/// Requests an address like a proxy and returns the answer.
async fn follow(client: &Client, address: &str) -> Answer {
    let path = address.strip_prefix(PATH);
    let path = path.unwrap_or_else(|| panic!("{address} is not below {PATH}"));
    client.get(path).send().await.is(200)
}

async fn every_address_is_below_the_path_of_the_public_url() {
    let server = start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let form = [("source_path", "assets/pixel.gif")];
    let image = author.post("/v1/images").form(&gif(), &form).send().await;
    let image = image.is(201);
    follow(&author, image.header("location")).await;
    let url = image.json()["url"].as_str().unwrap().to_owned();
    follow(&anonymous, &url).await;

    let mut new = draft("below");
    new["body"] = json!("![](/assets/pixel.gif)");
    let created = author.post("/v1/posts").json(&new).send().await.is(201);
    follow(&author, created.header("location")).await;
    let html = created.json()["html"].as_str().unwrap().to_owned();
    assert!(html.contains(&format!("src=\"{url}\"")), "{html}");

    let post = author.create_published(&draft("moves")).await;
    let old = post.public_path();
    let changed = author
        .change(&post, &json!({ "slug": "moved-below" }))
        .await;
    author.publish(&Post::of(&changed.is(200))).await;
    let moved = anonymous.get(&old).send().await.is(308);
    follow(&anonymous, moved.header("location")).await;
    assert_eq!(moved.json()["location"], moved.header("location"));

    author.create_published(&draft("another")).await;
    let page = anonymous.get("/v1/posts?limit=1").send().await.is(200);
    let next = next_of(page.header("link")).unwrap();
    follow(&anonymous, &next).await;

    let missing = anonymous.get("/v1/nothing").send().await;
    let problem = missing.refused(404, "unknown_route");
    follow(&anonymous, problem["type"].as_str().unwrap()).await;
    assert_eq!(problem["instance"], format!("{PATH}/v1/nothing"));

    let category = json!({ "name": "Below" });
    let category = author.post("/v1/categories").json(&category).send().await;
    follow(&author, category.is(201).header("location")).await;
}

async fn the_document_and_its_page_are_below_the_path_of_the_public_url() {
    let server = start();
    let anonymous = server.anonymous();
    let document: Value = anonymous.get("/openapi.json").send().await.is(200).json();
    assert_eq!(document["servers"][0]["url"], PATH);
    let yaml = anonymous.get("/openapi.yaml").send().await.is(200).text();
    assert!(yaml.contains(&format!("url: {PATH}")));
    let page = anonymous.get("/docs").send().await.is(200).text();
    assert!(!page.contains("=\"/"), "all references are relative");
}
