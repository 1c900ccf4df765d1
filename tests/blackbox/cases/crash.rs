//! Power cuts: every acknowledged write is present, and all items are consistent.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::harness::{Client, Post, Setup, cases, draft, size};

/// Power cuts. A soak uses more.
const CUTS: usize = 20;
const WRITERS: usize = 4;
/// Minimum number of acknowledged writes before a power cut.
const FEWEST: usize = 5;
/// Additional writes per round, so that cuts happen at different moments.
const KINDS_OF_ROUNDS: usize = 40;

pub(super) fn all() -> Vec<Trial> {
    cases![twenty_power_cuts_lose_no_acknowledged_write]
}

/// The last acknowledged state of each post.
#[derive(Default)]
struct Told {
    posts: Mutex<BTreeMap<String, Value>>,
    writes: AtomicUsize,
    enough: Notify,
}

impl Told {
    fn note(&self, post: &Post, limit: usize) {
        self.posts
            .lock()
            .unwrap()
            .insert(post.id.clone(), post.seen.clone());
        if self.writes.fetch_add(1, Ordering::Relaxed) + 1 == limit {
            self.enough.notify_one();
        }
    }
}

async fn twenty_power_cuts_lose_no_acknowledged_write() {
    let setup = Setup::embedded();
    let mut token: Option<String> = None;
    let mut all = BTreeMap::new();
    for round in 0..size("TINTERO_TEST_CUTS", CUTS) {
        let limit = FEWEST + round % KINDS_OF_ROUNDS;
        let server = setup.start();
        let author = match &token {
            None => server.administrator().await,
            Some(token) => server.holder_of(token),
        };
        token = Some(author.token().to_owned());
        let told = Arc::new(Told::default());
        let writers =
            (0..WRITERS).map(|_| write_until_the_end(author.clone(), Arc::clone(&told), limit));
        let cut = async {
            told.enough.notified().await;
            server.kill();
        };
        tokio::join!(join_all(writers), cut);
        all.append(&mut told.posts.lock().unwrap());
    }
    let server = setup.start();
    let author = server.holder_of(&token.unwrap());
    every_word_was_kept(&author, &all).await;
    lists_and_posts_agree(&author, &server.anonymous()).await;
}

/// Creates, changes and publishes posts until the server stops answering.
async fn write_until_the_end(author: Client, told: Arc<Told>, limit: usize) {
    loop {
        let mut steps = vec![];
        let new = author.post("/v1/posts").json(&draft("cut"));
        let Ok(answer) = new.try_send().await else {
            return;
        };
        steps.push(Post::of(&answer.is(201)));
        told.note(&steps[0], limit);
        let change = author.patch(&steps[0].path()).based_on(&steps[0].etag);
        let Ok(answer) = change
            .json(&json!({ "body": "changed\n", "tags": ["cut"] }))
            .try_send()
            .await
        else {
            return;
        };
        steps.push(Post::of(&answer.is(200)));
        told.note(&steps[1], limit);
        let publish = author
            .post(&format!("{}/publish", steps[1].path()))
            .based_on(&steps[1].etag);
        let Ok(answer) = publish.try_send().await else {
            return;
        };
        told.note(&Post::of(&answer.is(200)), limit);
    }
}

/// Asserts that a post has its acknowledged state, or that of the next, unacknowledged write.
async fn every_word_was_kept(author: &Client, told: &BTreeMap<String, Value>) {
    assert!(told.len() >= CUTS, "the writers wrote");
    for (id, told) in told {
        let now = author
            .get(&format!("/v1/posts/{id}"))
            .send()
            .await
            .is(200)
            .json();
        let (was, is) = (
            told["version"].as_u64().unwrap(),
            now["version"].as_u64().unwrap(),
        );
        assert!(is == was || is == was + 1, "{told:#}\n{now:#}");
        if is == was {
            assert_eq!(&now, told);
        }
    }
}

/// Asserts that lists, reads by id and reads by slug agree.
async fn lists_and_posts_agree(author: &Client, anonymous: &Client) {
    let rows = author.walk("/v1/posts?status=any&limit=100").await;
    let mut public = BTreeMap::new();
    for row in rows {
        let post = author
            .get(&format!("/v1/posts/{}", row["id"].as_str().unwrap()))
            .send()
            .await
            .is(200);
        assert!(is_part_of(&row, &post.json()), "{row:#}\n{post:?}");
        if row["status"] == "published" {
            public.insert(
                row["id"].to_string(),
                row["slug"].as_str().unwrap().to_owned(),
            );
        }
    }
    for list in [
        "/v1/posts?limit=100",
        "/v1/posts?tag=cut&limit=100",
        "/v1/posts?locale=en&limit=100",
    ] {
        let listed = anonymous.walk(list).await;
        let ids: Vec<String> = listed.iter().map(|row| row["id"].to_string()).collect();
        assert_eq!(ids.len(), public.len(), "{list}");
        assert!(ids.iter().all(|id| public.contains_key(id)), "{list}");
        for row in listed {
            let path = format!(
                "/v1/posts/by-slug/{}?locale=en",
                public[&row["id"].to_string()]
            );
            let live = anonymous.get(&path).send().await.is(200);
            assert!(is_part_of(&row, &live.json()), "{row:#}\n{live:?}");
        }
    }
}

fn is_part_of(row: &Value, whole: &Value) -> bool {
    let members = row.as_object().unwrap().iter();
    members
        .into_iter()
        .all(|(name, value)| &whole[name] == value)
}
