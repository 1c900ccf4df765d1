//! Merging categories under concurrent reads and writes, and across power cuts.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt as _, future::join_all, stream};
use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Client, Post, Server, Setup, cases, draft, next_of, shared, size, unique,
};

/// Posts of both categories together. A soak uses more.
const POSTS: usize = 300;
/// Concurrent writes while posts are created.
const AT_ONCE: usize = 4;
/// Number of power cuts.
const CUTS: usize = 2;

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_merge_resumes_after_power_cuts_and_every_list_stays_exact,
        a_category_is_deleted_or_its_posts_are_reassigned,
        an_operation_is_listed_shown_and_cancelled,
    ]
}

/// Two categories, one of which is merged into the other.
struct Pair {
    from: Value,
    into: Value,
}

async fn a_category(author: &Client, stem: &str) -> Value {
    let new = json!({ "name": unique(stem) });
    let made = author.post("/v1/categories").json(&new).send().await;
    made.is(201).json()
}

async fn a_pair(author: &Client) -> Pair {
    Pair {
        from: a_category(author, "from").await,
        into: a_category(author, "into").await,
    }
}

fn path(category: &Value) -> String {
    format!("/v1/categories/{}", category["id"].as_str().unwrap())
}

async fn merge(author: &Client, pair: &Pair) -> Answer {
    let shown = author.get(&path(&pair.from)).send().await.is(200);
    let call = author.post(&format!("{}/merge", path(&pair.from)));
    let call = call.based_on(shown.header("etag"));
    call.json(&json!({ "into": pair.into["slug"] }))
        .send()
        .await
}

/// Posts that the lists must contain.
#[derive(Default)]
struct Model {
    /// Publication is acknowledged.
    published: Mutex<BTreeSet<String>>,
    /// Publication is acknowledged or in flight.
    begun: Mutex<BTreeSet<String>>,
}

impl Model {
    async fn publish(&self, author: &Client, post: &Post) -> Option<Post> {
        self.begun.lock().unwrap().insert(post.id.clone());
        let call = author.post(&format!("{}/publish", post.path()));
        let answer = call.based_on(&post.etag).try_send().await.ok()?.is(200);
        self.published.lock().unwrap().insert(post.id.clone());
        Some(Post::of(&answer))
    }

    /// Reads all pages of a list and compares them with the expected posts. Returns whether the
    /// last page was reached.
    async fn holds(&self, anonymous: &Client, list: &str) -> bool {
        let known = self.published.lock().unwrap().clone();
        let mut seen = Vec::new();
        let mut next = Some(list.to_owned());
        while let Some(path) = next {
            let Ok(answer) = anonymous.get(&path).try_send().await else {
                return false;
            };
            let answer = answer.is(200);
            let page = answer.json();
            let rows = page["items"].as_array().unwrap().iter();
            seen.extend(rows.map(|row| row["id"].as_str().unwrap().to_owned()));
            next = next_of(answer.header("link"));
        }
        let set: BTreeSet<_> = seen.iter().cloned().collect();
        assert_eq!(set.len(), seen.len(), "{list} shows a post twice");
        let missing: Vec<_> = known.difference(&set).collect();
        assert!(missing.is_empty(), "{list} lacks {missing:?}");
        let begun = self.begun.lock().unwrap();
        assert!(
            set.is_subset(&begun),
            "{list} shows a post that was not published"
        );
        true
    }
}

async fn a_merge_resumes_after_power_cuts_and_every_list_stays_exact() {
    let posts = size("TINTERO_TEST_MERGE", POSTS);
    let setup = Setup::embedded();
    let server = setup.start();
    let author = server.administrator().await;
    let token = author.token().to_owned();
    let pair = a_pair(&author).await;
    let model = Arc::new(Model::default());
    let read = fill(&author, &pair, &model, posts).await;
    let accepted = merge(&author, &pair).await.is(202);
    let operation = accepted.header("location").to_owned();
    drop(server);

    let mut goals: Vec<_> = (1..=CUTS).map(|cut| Some(posts * cut / 4)).collect();
    goals.push(None);
    for goal in goals {
        let server = setup.start();
        let at_work = AtWork::at(&server, &token, &pair, &model);
        wait_for(&server.holder_of(&token), &operation, goal).await;
        if goal.is_some() {
            server.kill();
        }
        assert!(at_work.ended().await > 0, "readers ran during the writes");
    }
    let server = setup.start();
    let (author, anonymous) = (server.holder_of(&token), server.anonymous());
    is_as_if_always_one(&author, &anonymous, &pair, &model).await;
    // An `ETag` from before the merge is still valid.
    author
        .change(&read, &json!({ "title": "Changed" }))
        .await
        .is(200);
}

/// Publishes posts, alternating between the one category, both, and the other. Returns one post.
async fn fill(author: &Client, pair: &Pair, model: &Model, posts: usize) -> Post {
    let (from, into) = (&pair.from["id"], &pair.into["id"]);
    let make = async |number: usize| {
        let mut new = draft("merged");
        new["category_ids"] = match number % 3 {
            0 => json!([from]),
            1 => json!([from, into]),
            _ => json!([into]),
        };
        let made = author.create(&new).await;
        model.publish(author, &made).await.unwrap()
    };
    let mut all: Vec<_> = stream::iter(0..posts)
        .map(make)
        .buffered(AT_ONCE)
        .collect()
        .await;
    all.swap_remove(0)
}

/// Waits until `count` posts are relocated, or all.
pub(super) async fn wait_for(author: &Client, operation: &str, goal: Option<usize>) {
    loop {
        let seen = author.get(operation).send().await.is(200).json();
        let done = usize::try_from(seen["done"].as_u64().unwrap()).unwrap();
        match seen["state"].as_str().unwrap() {
            "succeeded" => return,
            "queued" | "running" => {}
            other => panic!("{other}: {seen:#}"),
        }
        if goal.is_some_and(|goal| done >= goal) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs readers and a writer until they are stopped or the server stops answering.
struct AtWork {
    stop: Arc<AtomicBool>,
    walks: Arc<AtomicUsize>,
    people: Vec<tokio::task::JoinHandle<()>>,
}

impl AtWork {
    fn at(server: &Server, token: &str, pair: &Pair, model: &Arc<Model>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let walks = Arc::new(AtomicUsize::new(0));
        let lists = [
            format!(
                "/v1/posts?limit=100&category={}",
                pair.from["id"].as_str().unwrap()
            ),
            format!(
                "/v1/posts?limit=100&category={}",
                pair.into["slug"].as_str().unwrap()
            ),
        ];
        let mut people = Vec::new();
        for list in lists {
            let (anonymous, model) = (server.anonymous(), Arc::clone(model));
            let (stop, walks) = (Arc::clone(&stop), Arc::clone(&walks));
            people.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) && model.holds(&anonymous, &list).await {
                    walks.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let (author, model) = (server.holder_of(token), Arc::clone(model));
        let (halt, from) = (Arc::clone(&stop), pair.from["id"].clone());
        people.push(tokio::spawn(async move {
            while !halt.load(Ordering::Relaxed) {
                let mut new = draft("late");
                // The client has not seen the merge.
                new["category_ids"] = json!([from]);
                let made = author.post("/v1/posts").json(&new).try_send().await;
                let Ok(made) = made else { return };
                let made = Post::of(&made.is(201));
                if model.publish(&author, &made).await.is_none() {
                    return;
                }
            }
        }));
        Self {
            stop,
            walks,
            people,
        }
    }

    /// Number of walks that reached the last page.
    async fn ended(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        for person in join_all(self.people).await {
            person.unwrap();
        }
        self.walks.load(Ordering::Relaxed)
    }
}

async fn is_as_if_always_one(author: &Client, anonymous: &Client, pair: &Pair, model: &Model) {
    let list = |name: &Value| format!("/v1/posts?limit=100&category={}", name.as_str().unwrap());
    for name in [&pair.from["slug"], &pair.into["id"]] {
        assert!(model.holds(anonymous, &list(name)).await);
    }
    let rows = anonymous.walk(&list(&pair.into["id"])).await;
    for row in &rows {
        assert_eq!(row["category_ids"], json!([pair.into["id"]]));
    }
    let shown = anonymous.get(&path(&pair.into)).send().await.is(200).json();
    assert_eq!(shown["post_count"], rows.len(), "{shown:#}");
    let tree = anonymous.walk("/v1/categories").await;
    assert!(
        tree.iter()
            .all(|category| category["id"] != pair.from["id"])
    );
    let operations = author.walk("/v1/operations").await;
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0]["errors"], json!([]));
    assert_eq!(operations[0]["done"], operations[0]["total"]);
}

async fn a_category_is_deleted_or_its_posts_are_reassigned() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let Pair {
        from: empty,
        into: full,
    } = a_pair(&author).await;
    let delete = async |category: &Value, query: &str| {
        let shown = anonymous.get(&path(category)).send().await.is(200);
        let call = author.call(Method::DELETE, &format!("{}{query}", path(category)));
        call.based_on(shown.header("etag")).send().await
    };
    delete(&empty, "").await.is(204);
    anonymous
        .get(&path(&empty))
        .send()
        .await
        .refused(410, "gone");
    let mut new = draft("kept");
    new["category_ids"] = json!([full["id"]]);
    let post = author.create(&new).await;
    let post = author.publish(&post).await;
    delete(&full, "").await.refused(409, "category_in_use");
    let other = a_category(&author, "other").await;
    let query = format!("?reassign_to={}", other["slug"].as_str().unwrap());
    let accepted = delete(&full, &query).await.is(202);
    wait_for(&author, accepted.header("location"), None).await;
    let moved = anonymous.get(&path(&full)).send().await.is(308);
    assert_eq!(moved.header("location"), path(&other));
    let live = anonymous
        .get(&post.public_path())
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(live["category_ids"], json!([other["id"]]));
}

async fn an_operation_is_listed_shown_and_cancelled() {
    let author = shared::server().administrator().await;
    let pair = a_pair(&author).await;
    let accepted = merge(&author, &pair).await.is(202);
    let place = accepted.header("location");
    let all = author.walk("/v1/operations?limit=1").await;
    assert!(all.iter().any(|one| one["id"] == accepted.json()["id"]));
    let wanted = author.post(&format!("{place}/cancel")).send().await.is(200);
    assert_eq!(wanted.json()["cancel_requested"], true);
    author.get(place).send().await.is(200);
}
