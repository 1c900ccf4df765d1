//! The measured requests and their concurrency.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::api::{Api, Post};

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Health,
    GetBySlug,
    List,
    Create,
    Update,
    Publish,
}

impl Operation {
    pub(crate) const ALL: [Self; 6] = [
        Self::Health,
        Self::GetBySlug,
        Self::List,
        Self::Create,
        Self::Update,
        Self::Publish,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Health => "healthz (no database)",
            Self::GetBySlug => "get by slug",
            Self::List => "list of 20",
            Self::Create => "create",
            Self::Update => "update (body)",
            Self::Publish => "publish",
        }
    }
}

/// Numbers that are unique in this run.
static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

fn next() -> usize {
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

async fn published(api: &Api) -> Result<Post> {
    let post = api.create(next()).await?;
    api.publish(&post).await
}

/// Creates and publishes posts, 32 at a time.
pub(crate) async fn fill(api: &Api, posts: usize) -> Result<()> {
    let bar = indicatif::ProgressBar::new(posts as u64).with_message("posts");
    stream::iter(0..posts)
        .map(|_| published(api))
        .buffer_unordered(32)
        .try_for_each(|_| async {
            bar.inc(1);
            Ok(())
        })
        .await
}

/// Sends requests of every kind in turn.
pub(crate) async fn mixed(api: &Api, requests: usize) -> Result<()> {
    for operation in Operation::ALL {
        let subjects = subjects(api, operation, requests / Operation::ALL.len()).await?;
        run(api, operation, subjects, 8).await?;
    }
    Ok(())
}

/// Resources that an operation needs, created before the measurement starts.
pub(crate) async fn subjects(
    api: &Api,
    operation: Operation,
    requests: usize,
) -> Result<Vec<Option<Post>>> {
    let wanted = match operation {
        Operation::Health | Operation::List | Operation::Create => return Ok(vec![None; requests]),
        Operation::GetBySlug => true,
        Operation::Update | Operation::Publish => false,
    };
    stream::iter(0..requests)
        .map(|_| async {
            if wanted {
                published(api).await
            } else {
                api.create(next()).await
            }
        })
        .buffer_unordered(32)
        .map_ok(Some)
        .try_collect()
        .await
}

/// Sends one request for each subject with this concurrency. Returns the latencies.
pub(crate) async fn run(
    api: &Api,
    operation: Operation,
    subjects: Vec<Option<Post>>,
    concurrency: usize,
) -> Result<Vec<Duration>> {
    stream::iter(subjects)
        .map(|subject| async move {
            let started = Instant::now();
            send(api, operation, subject).await?;
            Ok(started.elapsed())
        })
        .buffer_unordered(concurrency)
        .try_collect()
        .await
}

async fn send(api: &Api, operation: Operation, subject: Option<Post>) -> Result<()> {
    match (operation, subject) {
        (Operation::GetBySlug, Some(post)) => {
            api.read(&format!("/v1/posts/by-slug/{}", post.slug)).await
        }
        (Operation::Update, Some(post)) => api.update(&post, next()).await.map(drop),
        (Operation::Publish, Some(post)) => api.publish(&post).await.map(drop),
        (Operation::List, _) => api.read("/v1/posts").await,
        (Operation::Create, _) => api.create(next()).await.map(drop),
        (Operation::Health | Operation::GetBySlug | Operation::Update | Operation::Publish, _) => {
            api.read("/healthz").await
        }
    }
}
