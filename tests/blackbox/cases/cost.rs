//! What requests cost, and that it stays the same however many posts there are.

use futures::{StreamExt as _, stream};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    costs::{self, BODY, CALLER, COSTS, Cost, EXCERPT, Row, TITLE},
    harness::{ADMINISTRATOR, Answer, Client, Post, Server, Setup, cases, contract, next_of},
};

pub(super) fn all() -> Vec<Trial> {
    cases![
        every_operation_has_a_row,
        the_documented_table_is_this_one,
        requests_cost_what_the_table_says_with_few_posts_and_with_many,
    ]
}

const FEW: usize = 100;
const MANY: usize = 2_000;
/// Writes that are under way at once while posts are made.
const AT_ONCE: usize = 32;

async fn every_operation_has_a_row() {
    let measured = |id: &str| COSTS.iter().any(|row| row.operation == id);
    let missing: Vec<&str> = contract::operations()
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !measured(id))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
}

async fn the_documented_table_is_this_one() {
    let page = include_str!("../../../docs/data-model.md");
    let table = costs::as_markdown();
    assert!(page.contains(&table), "docs/data-model.md shows another table than:\n{table}");
}

async fn requests_cost_what_the_table_says_with_few_posts_and_with_many() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let first = author.get("/v1/me").send().await.is(200);
    assert_eq!(told_by(&first), CALLER, "a caller who was never seen is looked up");
    let mut desk = Desk { server: &server, author, made: 0 };
    for posts in [FEW, MANY] {
        desk.grow_to(posts).await;
        let mut others = vec![];
        for row in COSTS {
            let cost = desk.measure(row).await;
            if cost != row.cost {
                others.push(format!("{} | {} | {cost}", row.operation, row.case));
            }
        }
        assert!(others.is_empty(), "with {posts} posts:\n{}", others.join("\n"));
    }
}

/// Somebody at work, who numbers the posts so that all are of one size.
struct Desk<'a> {
    server: &'a Server,
    author: Client,
    made: usize,
}

impl Desk<'_> {
    fn next(&mut self) -> Value {
        self.made += 1;
        post(self.made)
    }

    /// Makes posts, half of them public and half of them drafts, until there are so many. Their
    /// rows have the size of the table; their texts, which lists do not read, are short.
    async fn grow_to(&mut self, posts: usize) {
        let author = &self.author;
        stream::iter(self.made + 1..=posts)
            .for_each_concurrent(AT_ONCE, async |number| {
                let mut new = post(number);
                new["body"] = json!("A text.\n");
                let made = author.create(&new).await;
                if number % 2 == 0 {
                    author.publish(&made).await;
                }
            })
            .await;
        self.made = posts;
    }

    /// The cost of one call, without that of looking up the caller.
    async fn measure(&mut self, row: &Row) -> Cost {
        let cost = told_by(&self.call(row).await);
        if cost != row.cost.and(CALLER) {
            return cost;
        }
        // The caller was forgotten just before; now they are known for some seconds.
        told_by(&self.call(row).await)
    }

    async fn call(&mut self, row: &Row) -> Answer {
        match row.operation {
            "get_post_by_slug" | "resolve_redirect" => self.read(row.case).await,
            "list_posts" => self.list(row.case).await,
            "get_post" | "get_post_by_source" => self.open(row.case).await,
            "create_post" => self.create(row.case).await,
            "update_post" => self.update(row.case).await,
            "publish_post" => self.publish(row.case).await,
            "open_session" | "refresh_session" | "close_session" => self.session(row.operation).await,
            "get_me" => self.author.get("/v1/me").send().await,
            "get_jwks" => self.anybody("/.well-known/jwks.json").await,
            "get_problem" => self.anybody("/problems/not-found").await,
            "get_health" => self.anybody("/healthz").await,
            "get_readiness" => self.anybody("/readyz").await,
            transition => self.transition(transition, row.case).await,
        }
    }

    async fn anybody(&self, path: &str) -> Answer {
        self.server.anybody().get(path).send().await
    }

    async fn draft(&mut self) -> Post {
        let new = self.next();
        self.author.create(&new).await
    }

    async fn published(&mut self) -> Post {
        let draft = self.draft().await;
        self.author.publish(&draft).await
    }

    async fn changed(&self, post: &Post, patch: Value) -> Post {
        Post::of(&self.author.change(post, &patch).await.is(200))
    }

    async fn read(&mut self, case: &str) -> Answer {
        let post = self.published().await;
        match case {
            "published" => self.anybody(&post.public_path()).await.is(200),
            "never there" => self.anybody("/v1/posts/by-slug/never-there").await.is(404),
            "old slug" => {
                let renamed = self.changed(&post, json!({ "slug": slug(self.made, "moved") })).await;
                self.author.publish(&renamed).await;
                self.anybody(&post.public_path()).await.is(308)
            }
            "old URL" => {
                let alias = post.seen["aliases"][0].as_str().unwrap().to_owned();
                self.anybody(&format!("/v1/redirects/resolve?path={alias}")).await.is(200)
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
            "20 of a status" => "status=draft".to_owned(),
            "20 of an owner" => format!("status=draft&owner={}", me["id"].as_str().unwrap()),
            "20 last changed" => "status=any".to_owned(),
            other => panic!("no call for {other:?}"),
        };
        let reader = if query.contains("status") { self.author.clone() } else { self.server.anybody() };
        let page = reader.get(&format!("/v1/posts?{query}")).send().await.is(200);
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
                format!("/v1/posts/by-source?import=cost&path={}", post.seen["source"]["path"].as_str().unwrap())
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
            other => panic!("no call for {other:?}"),
        }
    }

    async fn update(&mut self, case: &str) -> Answer {
        let post = if case.contains("published") { self.published().await } else { self.draft().await };
        let patch = match case {
            "title" | "too late" => json!({ "title": title("Changed", self.made) }),
            "text" => json!({ "body": text(self.made + MANY) }),
            "slug of a published post" => json!({ "slug": slug(self.made, "moved") }),
            other => panic!("no call for {other:?}"),
        };
        if case != "too late" {
            return self.author.change(&post, &patch).await.is(200);
        }
        self.changed(&post, json!({ "title": title("Earlier", self.made) })).await;
        self.author.change(&post, &patch).await.is(412)
    }

    async fn publish(&mut self, case: &str) -> Answer {
        let post = match case {
            "first time" => self.draft().await,
            _ => self.published().await,
        };
        let post = match case {
            "first time" => post,
            "after a change" => self.changed(&post, json!({ "title": title("Changed", self.made) })).await,
            "at a new slug" => self.changed(&post, json!({ "slug": slug(self.made, "moved") })).await,
            other => panic!("no call for {other:?}"),
        };
        self.author.transition(&post, "publish").await.is(200)
    }

    async fn transition(&mut self, operation: &str, case: &str) -> Answer {
        let (name, before) = match (operation, case) {
            ("unpublish_post", _) => ("unpublish", Some("publish")),
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

    async fn session(&self, operation: &str) -> Answer {
        let anybody = self.server.anybody();
        let (email, password) = ADMINISTRATOR;
        let credentials = json!({ "email": email, "password": password });
        let opened = anybody.post("/v1/auth/login").json(&credentials).send().await.is(200);
        let token = json!({ "refresh_token": opened.json()["refresh_token"] });
        match operation {
            "open_session" => opened,
            "refresh_session" => anybody.post("/v1/auth/refresh").json(&token).send().await.is(200),
            _ => anybody.post("/v1/auth/logout").json(&token).send().await.is(204),
        }
    }
}

fn told_by(answer: &Answer) -> Cost {
    Cost::told(answer.header("tintero-cost"))
}

/// A post of the size for which the table holds.
fn post(number: usize) -> Value {
    json!({
        "title": title("Title", number),
        "slug": slug(number, "first"),
        "body": text(number),
        "excerpt": words(number).chars().take(EXCERPT).collect::<String>().trim_end(),
        "locale": "en",
        "tags": ["cost", format!("tag-{:06}", number % 100), format!("one-{number:06}")],
        "aliases": [format!("/old/{number:06}.html")],
        "source": { "import": "cost", "path": format!("_posts/{number:06}.md"), "sha256": format!("{number:064x}") },
    })
}

fn title(stem: &str, number: usize) -> String {
    format!("{stem:.<width$}{number:06}", width = TITLE - 6)
}

fn slug(number: usize, stem: &str) -> String {
    format!("{stem}-{number:06}")
}

fn text(number: usize) -> String {
    words(number).chars().take(BODY).collect()
}

/// Words without end that compress as prose does, different for every number.
fn words(number: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "tin", "te", "ro", "plu", "ma", "pa", "pel", "le", "tra", "ver", "so", "ca", "pi", "tu", "lo", "fin",
    ];
    let mut state = number as u64 + 1;
    let mut syllable = || {
        // Knuth's multiplier for 64-bit linear congruential sequences.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        SYLLABLES[(state >> 60) as usize]
    };
    (0..BODY / 4).map(|_| format!("{}{} ", syllable(), syllable())).collect()
}
