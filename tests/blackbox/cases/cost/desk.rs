//! The calls that are measured, each with what has to be there before.

use std::ops::RangeInclusive;

use futures::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    sized::{post, slug, text, title},
    told_by,
};
use crate::{
    costs::{Cost, Row},
    harness::{ADMINISTRATOR, Answer, Client, Post, Server, gif, next_of},
};

/// Writes that are under way at once while posts are made.
const AT_ONCE: usize = 32;

/// Posts that are made before signing in again: a token lives for a quarter of an hour.
const SHIFT: usize = 10_000;

/// Somebody at work, who numbers the posts so that all are of one size.
pub(super) struct Desk<'a> {
    pub(super) server: &'a Server,
    pub(super) author: Client,
    pub(super) made: usize,
    /// The address of the category into which others are merged.
    successor: String,
    /// The address of the merge that began last.
    operation: String,
    /// The query of posts that take long to make.
    pub(super) credited: Option<String>,
    /// Another server, and the address of a list there.
    pub(super) aside: Option<(Server, String)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(server: &'a Server, author: Client) -> Self {
        Self {
            server,
            author,
            made: 0,
            successor: String::new(),
            operation: String::new(),
            credited: None,
            aside: None,
        }
    }

    pub(super) fn next(&mut self) -> Value {
        self.made += 1;
        post(self.made)
    }

    /// Makes posts, half of them public and half of them drafts, until there are so many. Their
    /// rows have the size of the table; their texts, which lists do not read, are short.
    pub(super) async fn grow_to(&mut self, posts: usize) {
        while self.made < posts {
            self.author = self.server.administrator().await;
            let last = posts.min(self.made + SHIFT);
            self.grow(self.made + 1..=last).await;
            self.made = last;
        }
    }

    async fn grow(&self, numbers: RangeInclusive<usize>) {
        let author = &self.author;
        stream::iter(numbers)
            .for_each_concurrent(AT_ONCE, async |number| {
                let mut new = post(number);
                new["body"] = json!("A text.\n");
                let made = author.create(&new).await;
                if number % 2 == 0 {
                    author.publish(&made).await;
                }
            })
            .await;
    }

    /// The cost of one call, without that of looking up the caller and of reading the tree.
    pub(super) async fn measure(&mut self, row: &Row) -> Cost {
        let cost = told_by(&self.call(row).await);
        if !cost.forgot_something(row.cost) {
            return cost;
        }
        // One of the two was forgotten just before; now they are known for some seconds.
        told_by(&self.call(row).await)
    }

    async fn call(&mut self, row: &Row) -> Answer {
        match row.operation {
            "resolve_redirect" if row.case == "made by hand" => self.redirect(row.operation).await,
            name if name.ends_with("_redirect") && name != "resolve_redirect" => {
                self.redirect(name).await
            }
            "list_redirects" | "export_redirects" => self.redirects(row.operation).await,
            "batch_posts" => self.batch().await,
            "list_post_translations" | "list_public_translations" => {
                self.translated(row.operation).await
            }
            "create_post" if row.case == "translation" => self.translated(row.operation).await,
            "get_post_by_slug" | "resolve_redirect" => self.read(row.case).await,
            "list_posts" if row.case == "20 of a category and 4 below it" => self.branch().await,
            "list_posts" => self.list(row.case).await,
            "get_post" | "get_post_by_source" => self.open(row.case).await,
            "create_post" => self.create(row.case).await,
            "update_post" => self.update(row.case).await,
            "publish_post" => self.publish(row.case).await,
            "schedule_post" | "unschedule_post" => self.schedule(row.operation, row.case).await,
            "purge_post" => self.purge().await,
            "list_post_revisions" | "get_post_revision" | "compare_post_revisions" => {
                self.look_back(row.operation).await
            }
            "restore_post_revision" => self.restore().await,
            "put_post_autosave" | "get_post_autosave" | "delete_post_autosave" => {
                self.put_aside(row.operation).await
            }
            "list_categories" | "create_category" | "get_category" | "update_category" => {
                self.shelf("/v1/categories", row.operation).await
            }
            "merge_category" | "delete_category" | "list_operations" | "get_operation"
            | "cancel_operation" => self.merge(row.operation, row.case).await,
            "list_images" | "get_image" | "get_image_file" | "upload_image" | "update_image" => {
                self.image(row.operation, row.case).await
            }
            "list_bylines" | "create_byline" | "get_byline" | "update_byline" => {
                self.shelf("/v1/bylines", row.operation).await
            }
            "open_session" | "refresh_session" | "close_session" => {
                self.session(row.operation).await
            }
            "list_tags" => self.anybody("/v1/tags").await,
            "rename_tag" | "merge_tag" => self.retire_tag(row.operation).await,
            "get_me" => self.author.get("/v1/me").send().await,
            "get_jwks" => self.anybody("/.well-known/jwks.json").await,
            "get_problem" => self.anybody("/problems/not-found").await,
            "get_health" => self.anybody("/healthz").await,
            "get_readiness" => self.anybody("/readyz").await,
            transition => self.transition(transition, row.case).await,
        }
    }

    pub(super) async fn anybody(&self, path: &str) -> Answer {
        self.server.anybody().get(path).send().await
    }

    pub(super) async fn draft(&mut self) -> Post {
        let new = self.next();
        self.author.create(&new).await
    }

    async fn published(&mut self) -> Post {
        let draft = self.draft().await;
        self.author.publish(&draft).await
    }

    pub(super) async fn changed(&self, post: &Post, patch: Value) -> Post {
        Post::of(&self.author.change(post, &patch).await.is(200))
    }

    async fn read(&mut self, case: &str) -> Answer {
        let post = self.published().await;
        match case {
            "published" => self.anybody(&post.public_path()).await.is(200),
            "never there" => self.anybody("/v1/posts/by-slug/never-there").await.is(404),
            "old slug" => {
                let renamed = self
                    .changed(&post, json!({ "slug": slug(self.made, "moved") }))
                    .await;
                self.author.publish(&renamed).await;
                self.anybody(&post.public_path()).await.is(308)
            }
            "old URL" => {
                let alias = post.seen["aliases"][0].as_str().unwrap().to_owned();
                self.anybody(&format!("/v1/redirects/resolve?path={alias}"))
                    .await
                    .is(200)
            }
            other => panic!("no call for {other:?}"),
        }
    }

    async fn list(&mut self, case: &str) -> Answer {
        if case == "20 last changed" {
            // Published posts have the larger rows on the desk.
            for _ in 0..=20 {
                self.published().await;
            }
        }
        let me = self.author.get("/v1/me").send().await.json();
        let query = match case {
            "20 latest" => String::new(),
            "20 of a tag" | "20 of a tag, later page" => "tag=cost".to_owned(),
            "20 of a locale" => "locale=en".to_owned(),
            "20 of a tag in a locale since a date" => {
                "tag=cost&locale=en&published_after=2020-01-01T00:00:00Z".to_owned()
            }
            "20 with bylines and images" => self.related().await,
            "20 with 5 bylines and an image each" => self.all_credited().await,
            "20 by id" => self.certain().await,
            "20 changed since a moment" => {
                "status=any&updated_since=2020-01-01T00:00:00Z".to_owned()
            }
            "20 of a status" => "status=draft".to_owned(),
            "20 of an owner" => format!("status=draft&owner={}", me["id"].as_str().unwrap()),
            "20 last changed" => "status=any".to_owned(),
            other => panic!("no call for {other:?}"),
        };
        let reader = if query.contains("status") {
            self.author.clone()
        } else {
            self.server.anybody()
        };
        let page = reader
            .get(&format!("/v1/posts?{query}"))
            .send()
            .await
            .is(200);
        assert_eq!(page.json()["items"].as_array().unwrap().len(), 20);
        if !case.ends_with("later page") {
            return page;
        }
        let next = next_of(page.header("link")).unwrap();
        reader.get(&next).send().await.is(200)
    }

    async fn open(&mut self, case: &str) -> Answer {
        let post = self.published().await;
        let path = match case {
            "working copy" => post.path(),
            "live copy" => format!("{}?view=live", post.path()),
            "imported" => {
                format!(
                    "/v1/posts/by-source?import=cost&path={}",
                    post.seen["source"]["path"].as_str().unwrap()
                )
            }
            other => panic!("no call for {other:?}"),
        };
        self.author.get(&path).send().await.is(200)
    }

    async fn create(&mut self, case: &str) -> Answer {
        let new = self.next();
        let key = format!("cost-{}", self.made);
        let call = || self.author.post("/v1/posts").json(&new);
        match case {
            "3 tags" => call().send().await.is(201),
            "with Idempotency-Key" => call().header("Idempotency-Key", &key).send().await.is(201),
            "repeated" => {
                call().header("Idempotency-Key", &key).send().await.is(201);
                call().header("Idempotency-Key", &key).send().await.is(201)
            }
            "slug taken" => {
                call().send().await.is(201);
                let mut other = self.next();
                other["slug"] = new["slug"].clone();
                self.author
                    .post("/v1/posts")
                    .json(&other)
                    .send()
                    .await
                    .is(409)
            }
            other => panic!("no call for {other:?}"),
        }
    }

    async fn update(&mut self, case: &str) -> Answer {
        let post = if case.contains("published") {
            self.published().await
        } else {
            self.draft().await
        };
        let patch = match case {
            "title" | "too late" | "merged" => json!({ "title": title("Changed", self.made) }),
            "text" => json!({ "body": text(self.made + 1_000_000) }),
            "slug of a published post" => json!({ "slug": slug(self.made, "moved") }),
            other => panic!("no call for {other:?}"),
        };
        match case {
            "too late" => {
                self.changed(&post, json!({ "title": title("Earlier", self.made) }))
                    .await;
                self.author.change(&post, &patch).await.is(412)
            }
            "merged" => {
                self.changed(&post, json!({ "tags": ["other"] })).await;
                let merging = format!("{}?merge=auto", post.path());
                let call = self.author.patch(&merging).based_on(&post.etag);
                call.json(&patch).send().await.is(200)
            }
            _ => self.author.change(&post, &patch).await.is(200),
        }
    }

    async fn publish(&mut self, case: &str) -> Answer {
        let post = match case {
            "first time" => self.draft().await,
            _ => self.published().await,
        };
        let post = match case {
            "first time" => post,
            "after a change" => {
                self.changed(&post, json!({ "title": title("Changed", self.made) }))
                    .await
            }
            "at a new slug" => {
                self.changed(&post, json!({ "slug": slug(self.made, "moved") }))
                    .await
            }
            other => panic!("no call for {other:?}"),
        };
        self.author.transition(&post, "publish").await.is(200)
    }

    async fn schedule(&mut self, operation: &str, case: &str) -> Answer {
        let post = match case {
            "change of a published post" => {
                let post = self.published().await;
                self.changed(&post, json!({ "title": title("Changed", self.made) }))
                    .await
            }
            _ => self.draft().await,
        };
        let plan = json!({
            "publish_at": "2100-01-01T00:00:00Z", "unpublish_at": "2100-02-01T00:00:00Z",
        });
        let planned = self.author.schedule(&post, &plan).await.is(200);
        if operation == "schedule_post" {
            return planned;
        }
        let planned = Post::of(&planned);
        self.author.transition(&planned, "unschedule").await.is(200)
    }

    async fn purge(&mut self) -> Answer {
        let post = self.published().await;
        let trashed = Post::of(&self.author.transition(&post, "trash").await.is(200));
        self.author.purge(&trashed).await.is(204)
    }

    async fn transition(&mut self, operation: &str, case: &str) -> Answer {
        let (name, before) = match (operation, case) {
            ("unpublish_post", _) => ("unpublish", Some("publish")),
            ("archive_post", _) => ("archive", Some("publish")),
            ("trash_post", "published") => ("trash", Some("publish")),
            ("trash_post", _) => ("trash", None),
            ("untrash_post", _) => ("untrash", Some("trash")),
            ("submit_post", _) => ("submit", None),
            ("request_post_changes", _) => ("request-changes", Some("submit")),
            _ => panic!("no call for {operation}"),
        };
        let mut post = self.draft().await;
        if let Some(before) = before {
            post = Post::of(&self.author.transition(&post, before).await.is(200));
        }
        self.author.transition(&post, name).await.is(200)
    }

    /// Categories and bylines are handled alike.
    async fn shelf(&mut self, path: &str, operation: &str) -> Answer {
        self.made += 1;
        let new = json!({ "name": slug(self.made, "Name") });
        let made = self.author.post(path).json(&new).send().await.is(201);
        let one = format!("{path}/{}", made.json()["slug"].as_str().unwrap());
        let verb = operation.split('_').next().unwrap_or_default();
        match verb {
            "create" => made,
            "get" => self.anybody(&one).await.is(200),
            "list" => self.anybody(path).await.is(200),
            _ => {
                let change = json!({ "name": slug(self.made, "Other") });
                let path = made.header("location");
                let call = self.author.patch(path).based_on(made.header("etag"));
                call.json(&change).send().await.is(200)
            }
        }
    }

    /// The address of a new category.
    async fn category(&mut self) -> String {
        self.made += 1;
        let new = json!({ "name": slug(self.made, "Name") });
        let made = self.author.post("/v1/categories").json(&new).send().await;
        made.is(201).header("location").to_owned()
    }

    async fn merge(&mut self, operation: &str, case: &str) -> Answer {
        // What is read with the tree costs with it, so no more categories are made than are needed.
        if self.successor.is_empty() {
            self.successor = self.category().await;
        }
        let into = self.successor.rsplit('/').next().unwrap_or_default();
        let into = into.to_owned();
        let post = |path: &str| self.author.post(path).based_on("\"1.1\"");
        match operation {
            "merge_category" | "delete_category" => {}
            "list_operations" => return self.author.get("/v1/operations").send().await.is(200),
            "get_operation" => return self.author.get(&self.operation).send().await.is(200),
            _ => {
                let cancel = format!("{}/cancel", self.operation);
                return post(&cancel).send().await.is(200);
            }
        }
        let from = self.category().await;
        let call = |method, path: &str| self.author.call(method, path).based_on("\"1.1\"");
        match (operation, case) {
            ("delete_category", "empty") => call(Method::DELETE, &from).send().await.is(204),
            ("delete_category", _) => {
                let path = format!("{from}?reassign_to={into}");
                call(Method::DELETE, &path).send().await.is(202)
            }
            _ => {
                let merge = call(Method::POST, &format!("{from}/merge"));
                let begun = merge.json(&json!({ "into": into })).send().await.is(202);
                begun.header("location").clone_into(&mut self.operation);
                begun
            }
        }
    }

    /// A tag that goes, of a post of its own.
    async fn retire_tag(&mut self, operation: &str) -> Answer {
        self.made += 1;
        let tag = slug(self.made, "tag");
        let mut new = self.next();
        new["tags"] = json!([tag]);
        self.author.create_published(&new).await;
        let path = format!("/v1/tags/{tag}");
        let call = if operation == "rename_tag" {
            let name = json!({ "name": slug(self.made, "other") });
            self.author.patch(&path).json(&name)
        } else {
            let merge = self.author.post(&format!("{path}/merge"));
            merge.json(&json!({ "into": "tag-000002" }))
        };
        call.send().await.is(202)
    }

    async fn image(&mut self, operation: &str, case: &str) -> Answer {
        self.made += 1;
        let (bytes, path) = (gif(), format!("assets/{:06}.gif", self.made));
        let send = || {
            let fields = [("alt", "Un tintero"), ("source_path", path.as_str())];
            self.author.post("/v1/images").form(&bytes, &fields).send()
        };
        let made = send().await.is(201);
        let location = made.header("location").to_owned();
        match (operation, case) {
            ("upload_image", "known") => send().await.is(200),
            ("upload_image", _) => made,
            ("list_images", "20") => self.author.get("/v1/images").send().await.is(200),
            ("list_images", _) => {
                let path = format!("/v1/images?source_path={path}");
                self.author.get(&path).send().await.is(200)
            }
            ("get_image", _) => self.anybody(&location).await.is(200),
            ("get_image_file", _) => self
                .anybody(made.json()["url"].as_str().unwrap())
                .await
                .is(200),
            _ => {
                let change = json!({ "alt": "Otro tintero" });
                let call = self.author.patch(&location).based_on(made.header("etag"));
                call.json(&change).send().await.is(200)
            }
        }
    }

    async fn session(&self, operation: &str) -> Answer {
        let anybody = self.server.anybody();
        let (email, password) = ADMINISTRATOR;
        let credentials = json!({ "email": email, "password": password });
        let opened = anybody
            .post("/v1/auth/login")
            .json(&credentials)
            .send()
            .await
            .is(200);
        let token = json!({ "refresh_token": opened.json()["refresh_token"] });
        match operation {
            "open_session" => opened,
            "refresh_session" => anybody
                .post("/v1/auth/refresh")
                .json(&token)
                .send()
                .await
                .is(200),
            _ => anybody
                .post("/v1/auth/logout")
                .json(&token)
                .send()
                .await
                .is(204),
        }
    }
}
