//! A signed-in client of the API.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A client with an access token.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    url: String,
    token: String,
}

/// A post as in the last answer.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) etag: String,
}

impl Api {
    pub(crate) async fn sign_in(url: &str) -> Result<Self> {
        let client = Client::new();
        let body = json!({"email": "bench@example.org", "password": "a password for benchmarks"});
        let answer = client
            .post(format!("{url}/v1/auth/login"))
            .json(&body)
            .send()
            .await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let token = answer["access_token"]
            .as_str()
            .context("no access token")?
            .to_owned();
        Ok(Self {
            client,
            url: url.to_owned(),
            token,
        })
    }

    /// Sends an anonymous read and reads the whole body.
    pub(crate) async fn read(&self, path: &str) -> Result<()> {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await?;
        answer.error_for_status()?.bytes().await?;
        Ok(())
    }

    pub(crate) async fn create(&self, number: usize) -> Result<Post> {
        let body = json!({
            "title": format!("Funciones sin servidor, parte {number}"),
            "slug": format!("funciones-sin-servidor-{number}"),
            "excerpt": "Qué cuesta una función que casi nunca se ejecuta, y cómo se mide.",
            "tags": ["aws", format!("serie {}", number % 50)],
            "body": markdown(number),
        });
        self.post(self.request(Method::POST, "/v1/posts").json(&body))
            .await
    }

    pub(crate) async fn update(&self, post: &Post, number: usize) -> Result<Post> {
        let request = self
            .request(Method::PATCH, &format!("/v1/posts/{}", post.id))
            .header("if-match", &post.etag)
            .header("content-type", "application/merge-patch+json")
            .body(json!({ "body": markdown(number) }).to_string());
        self.post(request).await
    }

    pub(crate) async fn publish(&self, post: &Post) -> Result<Post> {
        let path = format!("/v1/posts/{}/publish", post.id);
        self.post(
            self.request(Method::POST, &path)
                .header("if-match", &post.etag),
        )
        .await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
    }

    async fn post(&self, request: RequestBuilder) -> Result<Post> {
        let answer: Response = request.send().await?;
        let status = answer.status();
        let etag = answer
            .headers()
            .get("etag")
            .and_then(|etag| etag.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let body: Value = answer.json().await?;
        ensure!(status.is_success(), "{status}: {body}");
        let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
        Ok(Post {
            id: text("id"),
            slug: text("slug"),
            etag,
        })
    }
}

/// About 4 KB of Markdown: headings, lists, code, links.
fn markdown(number: usize) -> String {
    let section = "## Qué se mide\n\nLa **latencia** de una función depende de su *arranque en frío*; véase \
        [la documentación](https://example.org/docs).\n\n- memoria\n- tiempo\n- coste por millón\n\n\
        ```rust\nfn main() { println!(\"hola\"); }\n```\n\n| región | ms |\n|---|---|\n| eu-west-1 | 12 |\n\n";
    format!("# Parte {number}\n\n{}", section.repeat(11))
}
