//! A signed-in client, and the posts that it creates.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::{Value, json};

use crate::{
    connection::{Answer, HttpConnection, Prepared},
    process::{EMAIL, PASSWORD, Process},
};

/// Maximum number of operations of a batch.
const BATCH: usize = 100;

/// A post as in the last answer.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) etag: String,
}

impl Post {
    /// Reads the post in the answer to a write.
    pub(crate) fn of(answer: &Answer) -> Result<Self> {
        let etag = answer.headers.get(header::ETAG).context("no entity tag")?;
        let etag = etag.to_str()?.to_owned();
        let post: Value = serde_json::from_slice(&answer.body)?;
        let (id, slug) = (text(&post, "id")?, text(&post, "slug")?);
        Ok(Self { id, slug, etag })
    }
}

/// What the body of a new post is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// The server has rendered the same body before.
    Known,
    /// The server has not rendered this body.
    New,
}

/// A site that the benchmark fills.
pub(crate) struct Site {
    connection: HttpConnection,
    authorization: HeaderValue,
    /// The access token.
    pub(crate) token: String,
    /// Slugs of its categories.
    pub(crate) categories: Vec<String>,
    category_ids: Vec<String>,
    next: usize,
}

impl Site {
    /// Signs in, and creates the categories if they are missing. Numbers in titles start at `next`.
    pub(crate) async fn sign_in(server: &Process, next: usize) -> Result<Self> {
        let mut connection = HttpConnection::open(server.address()).await?;
        let login = json!({ "email": EMAIL, "password": PASSWORD });
        let answer = connection
            .send(Prepared {
                method: Method::POST,
                path: "/v1/auth/login".to_owned(),
                headers: HeaderMap::from_iter([content_type("application/json")]),
                body: Bytes::from(login.to_string()),
            })
            .await?;
        let answer: Value = serde_json::from_slice(&answer.body)?;
        let token = text(&answer, "access_token")?;
        let mut site = Self {
            connection,
            authorization: HeaderValue::from_str(&format!("Bearer {token}"))?,
            token,
            categories: Vec::new(),
            category_ids: Vec::new(),
            next,
        };
        site.find_categories().await?;
        Ok(site)
    }

    async fn find_categories(&mut self) -> Result<()> {
        let listed = self.read("/v1/categories").await?;
        let mut categories = listed["items"].as_array().cloned().unwrap_or_default();
        if categories.is_empty() {
            for name in ["Arquitectura", "Bases de datos", "Colas", "Costes", "Red"] {
                let create = self.json(Method::POST, "/v1/categories", &json!({ "name": name }));
                let created = self.connection.send(create).await?;
                categories.push(serde_json::from_slice(&created.body)?);
            }
        }
        for category in &categories {
            self.categories.push(text(category, "slug")?);
            self.category_ids.push(text(category, "id")?);
        }
        Ok(())
    }

    async fn read(&mut self, path: &str) -> Result<Value> {
        let request = self.get(path);
        let answer = self.connection.send(request).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Returns a read as this user.
    pub(crate) fn get(&self, path: &str) -> Prepared {
        let mut request = Prepared::get(path);
        let authorization = self.authorization.clone();
        request.headers.insert(header::AUTHORIZATION, authorization);
        request
    }

    /// Sends a request over the connection of this site, whatever the status of its answer.
    pub(crate) async fn exchange(&mut self, request: Prepared) -> Result<Answer> {
        self.connection.exchange(request).await
    }

    /// Returns the members of a new post with two categories and two tags.
    pub(crate) fn draft(&mut self, body: Body) -> Value {
        self.next += 1;
        let number = self.next;
        let ids = &self.category_ids;
        let body = match body {
            Body::Known => markdown(0),
            Body::New => markdown(number),
        };
        json!({
            "title": format!("Funciones sin servidor, parte {number}"),
            "slug": format!("funciones-sin-servidor-{number}"),
            "excerpt": "Qué cuesta una función que casi nunca se ejecuta, y cómo se mide.",
            "tags": ["aws", format!("serie {}", number % 50)],
            "category_ids": [ids[number % ids.len()], ids[(number + 1) % ids.len()]],
            "body": body,
        })
    }

    pub(crate) fn create(&mut self, body: Body) -> Prepared {
        let draft = self.draft(body);
        self.json(Method::POST, "/v1/posts", &draft)
    }

    pub(crate) fn patch(&self, post: &Post, change: &Value) -> Prepared {
        let path = format!("/v1/posts/{}", post.id);
        let mut request = self.json(Method::PATCH, &path, change);
        let (name, value) = content_type("application/merge-patch+json");
        request.headers.insert(name, value);
        if_match(request, post)
    }

    pub(crate) fn publish(&self, post: &Post) -> Prepared {
        let path = format!("/v1/posts/{}/publish", post.id);
        if_match(self.json(Method::POST, &path, &json!({})), post)
    }

    /// Returns a batch that creates this number of posts.
    pub(crate) fn batch_of_drafts(&mut self, posts: usize) -> Prepared {
        let drafts = (0..posts).map(|_| json!({ "op": "create", "value": self.draft(Body::New) }));
        let operations: Vec<_> = drafts.collect();
        self.batch(&operations)
    }

    /// Returns a batch that publishes these posts.
    pub(crate) fn batch_of_publications(&self, posts: &[Post]) -> Prepared {
        let publish =
            |post: &Post| json!({ "op": "publish", "id": post.id, "if_match": post.etag });
        let operations: Vec<_> = posts.iter().map(publish).collect();
        self.batch(&operations)
    }

    fn batch(&self, operations: &[Value]) -> Prepared {
        let batch = json!({ "operations": operations });
        self.json(Method::POST, "/v1/posts:batch", &batch)
    }

    /// Uploads a GIF of this many bytes. Returns its path.
    pub(crate) async fn image(&mut self, bytes: usize) -> Result<String> {
        let mut gif =
            b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\
                        \x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b"
                .to_vec();
        gif.resize(bytes, 0);
        let mut body =
            b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.gif\"\r\n\r\n"
                .to_vec();
        body.extend(gif);
        body.extend(b"\r\n--x--\r\n");
        let authorization = (header::AUTHORIZATION, self.authorization.clone());
        let upload = Prepared {
            method: Method::POST,
            path: "/v1/images".to_owned(),
            headers: HeaderMap::from_iter([
                content_type("multipart/form-data; boundary=x"),
                authorization,
            ]),
            body: Bytes::from(body),
        };
        let answer = self.connection.send(upload).await?;
        let image: Value = serde_json::from_slice(&answer.body)?;
        text(&image, "url")
    }

    /// Creates drafts in batches.
    pub(crate) async fn drafts(&mut self, posts: usize) -> Result<Vec<Post>> {
        let mut drafts = Vec::with_capacity(posts);
        while drafts.len() < posts {
            let batch = self.batch_of_drafts(BATCH.min(posts - drafts.len()));
            drafts.extend(self.send_batch(batch).await?);
        }
        Ok(drafts)
    }

    /// Creates and publishes posts in batches. Reports the number of posts after each batch.
    pub(crate) async fn published(
        &mut self,
        posts: usize,
        progress: impl Fn(usize),
    ) -> Result<Vec<Post>> {
        let mut published = Vec::new();
        let mut done = 0;
        while done < posts {
            let drafts = self.drafts(BATCH.min(posts - done)).await?;
            done += drafts.len();
            published = self.send_batch(self.batch_of_publications(&drafts)).await?;
            progress(done);
        }
        Ok(published)
    }

    /// Sends a batch of which every operation must succeed. Returns the posts.
    pub(crate) async fn send_batch(&mut self, batch: Prepared) -> Result<Vec<Post>> {
        let answer = self.connection.send(batch).await?;
        let answer: Value = serde_json::from_slice(&answer.body)?;
        ensure!(answer["failed"] == 0, "{answer}");
        let results = answer["results"].as_array().context("no results")?;
        results
            .iter()
            .map(|result| {
                Ok(Post {
                    id: text(&result["post"], "id")?,
                    slug: text(&result["post"], "slug")?,
                    etag: text(result, "etag")?,
                })
            })
            .collect()
    }

    pub(crate) fn json(&self, method: Method, path: &str, body: &Value) -> Prepared {
        let authorization = (header::AUTHORIZATION, self.authorization.clone());
        Prepared {
            method,
            path: path.to_owned(),
            headers: HeaderMap::from_iter([content_type("application/json"), authorization]),
            body: Bytes::from(body.to_string()),
        }
    }
}

fn content_type(value: &'static str) -> (HeaderName, HeaderValue) {
    (header::CONTENT_TYPE, HeaderValue::from_static(value))
}

fn if_match(mut request: Prepared, post: &Post) -> Prepared {
    if let Ok(etag) = HeaderValue::from_str(&post.etag) {
        request.headers.insert(header::IF_MATCH, etag);
    }
    request
}

fn text(value: &Value, member: &str) -> Result<String> {
    let text = value[member].as_str();
    let text = text.with_context(|| format!("no {member}: {value}"))?;
    Ok(text.to_owned())
}

/// About 4 KB of Markdown: headings, lists, code, links.
pub(crate) fn markdown(number: usize) -> String {
    let section = "## Qué se mide\n\nLa **latencia** de una función depende de su *arranque en frío*; véase \
        [la documentación](https://example.org/docs).\n\n- memoria\n- tiempo\n- coste por millón\n\n\
        ```rust\nfn main() { println!(\"hola\"); }\n```\n\n| región | ms |\n|---|---|\n| eu-west-1 | 12 |\n\n";
    format!("# Parte {number}\n\n{}", section.repeat(11))
}
