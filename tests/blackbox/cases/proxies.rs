//! The API below a path of a real nginx that compresses answers.

use libtest_mimic::Trial;
use serde_json::json;

use crate::harness::{
    ADMINISTRATOR, Client, Nginx, Post, Setup, case_where_possible, draft, free_port, gif, next_of,
};

pub(super) fn all() -> Vec<Trial> {
    vec![case_where_possible(
        "proxies::nginx_serves_the_api_below_a_path_with_compression",
        nginx_serves_the_api_below_a_path_with_compression(),
    )]
}

async fn nginx_serves_the_api_below_a_path_with_compression() -> Result<(), String> {
    let port = free_port();
    let public_url = format!("http://127.0.0.1:{port}/cms");
    let server = Setup::memory()
        .with("TINTERO_PUBLIC_URL", &public_url)
        .with("TINTERO_TRUSTED_PROXIES", "127.0.0.1")
        .start();
    let nginx = Nginx::start(port, server.address())?;
    let author = signed_in(&public_url).await;
    let root = Client::new(nginx.root(), Some(author.token().to_owned()));
    let published = addresses_lead_through_nginx(&author, &root).await;
    compressed_answers_are_revalidated(&author, &root, &published).await;
    the_page_loads_its_files(&root).await;
    Ok(())
}

async fn signed_in(public_url: &str) -> Client {
    let (email, password) = ADMINISTRATOR;
    let credentials = json!({ "email": email, "password": password });
    let anonymous = Client::new(public_url.to_owned(), None);
    let tokens = anonymous.post("/v1/auth/login").json(&credentials).send();
    let tokens = tokens.await.is(200).json();
    let token = tokens["access_token"].as_str().unwrap();
    Client::new(public_url.to_owned(), Some(token.to_owned()))
}

/// Requests every address of an answer as it is printed.
async fn addresses_lead_through_nginx(author: &Client, root: &Client) -> Post {
    let image = author.post("/v1/images").form(&gif(), &[]).send().await;
    let image = image.is(201);
    root.get(image.header("location")).send().await.is(200);
    root.get(image.json()["url"].as_str().unwrap())
        .send()
        .await
        .is(200);

    let created = author.post("/v1/posts").json(&draft("proxied")).send();
    let created = created.await.is(201);
    root.get(created.header("location")).send().await.is(200);
    let post = author.publish(&Post::of(&created)).await;
    let old = post.public_path();
    let renamed = author
        .change(&post, &json!({ "slug": "behind-nginx" }))
        .await;
    let post = author.publish(&Post::of(&renamed.is(200))).await;
    let moved = author.get(&old).send().await.is(308);
    root.get(moved.header("location")).send().await.is(200);

    author.create_published(&draft("second")).await;
    let page = author.get("/v1/posts?limit=1").send().await.is(200);
    let next = next_of(page.header("link")).unwrap();
    root.get(&next).send().await.is(200);

    let problem = author.get("/v1/nothing").send().await;
    let problem = problem.refused(404, "unknown_route");
    root.get(problem["type"].as_str().unwrap())
        .send()
        .await
        .is(200);
    post
}

async fn compressed_answers_are_revalidated(author: &Client, root: &Client, post: &Post) {
    let public = format!("/cms{}", post.public_path());
    let read = |tag: Option<&str>| {
        let call = root.get(&public).header("Accept-Encoding", "gzip");
        match tag {
            Some(tag) => call.header("If-None-Match", tag),
            None => call,
        }
    };
    let answer = read(None).send().await.is(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
    read(Some(answer.header("etag"))).send().await.is(304);

    let own = root
        .get(&format!("/cms{}", post.path()))
        .header("Accept-Encoding", "gzip")
        .send()
        .await
        .is(200);
    let based_on = Post {
        etag: own.header("etag").to_owned(),
        ..post.clone()
    };
    let patch = json!({ "title": "Through nginx" });
    author.change(&based_on, &patch).await.is(200);
}

async fn the_page_loads_its_files(root: &Client) {
    let page = root.get("/cms/docs").send().await.is(200).text();
    let sources = page.split("src=\"").skip(1);
    let sources: Vec<_> = sources.filter_map(|rest| rest.split('"').next()).collect();
    assert!(!sources.is_empty());
    for source in sources {
        // Relative to the page, `/cms/docs`.
        root.get(&format!("/cms/{source}")).send().await.is(200);
    }
    let document = root.get("/cms/openapi.json").send().await.is(200).json();
    assert_eq!(document["servers"][0]["url"], "/cms");
}
