//! A site for tests: the use cases over the real stores over an engine in memory, with a wire
//! that can be cut, a clock that stands still, and ids that count.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use tintero_domain::{
    Result,
    access::{Caller, RequestContext, Role},
    act::IdempotencyClaim,
    clock::{Clock, Ids},
    posts::{Manuscript, NewPost, Posts, WorkingCopy},
    values::{Slug, Timestamp, UserId},
};
use tintero_embedded::{Engine, faults::Wire};
use tintero_storage::{CursorKey, CursorKeys, Dynamo, client, migrations::Migrator};
use uuid::Uuid;

/// The moment at which every test begins: 2026-01-01T00:00:00Z.
pub const DAWN: i64 = 1_767_225_600_000;

/// A clock that moves when it is told to.
pub struct Hands(AtomicI64);

impl Hands {
    pub fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Ids in order.
pub struct Counter(AtomicU64);

impl Ids for Counter {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u128(0x019b_0000_0000_7000_8000_0000_0000_0000 | u128::from(n))
    }
}

pub struct Site {
    pub posts: Posts,
    pub wire: Wire,
    pub clock: Arc<Hands>,
    pub ids: Arc<Counter>,
    pub dynamo: Dynamo,
}

pub async fn site() -> Site {
    let wire = Wire::around(Engine::memory().unwrap().http_client());
    let clients = client::embedded(wire.http_client());
    let clock = Arc::new(Hands(AtomicI64::new(DAWN)));
    let ids = Arc::new(Counter(AtomicU64::new(1)));
    Migrator::new(clients.migrations, "t", "test", clock.clone(), ids.clone())
        .up()
        .await
        .unwrap();
    let dynamo = Dynamo::new(clients.requests, "t");
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let store = tintero_storage::Posts::new(dynamo.clone(), cursors);
    let posts = Posts::new(
        Arc::new(store),
        clock.clone(),
        ids.clone(),
        "es".parse().unwrap(),
    );
    let _ = wire.measure();
    Site {
        posts,
        wire,
        clock,
        ids,
        dynamo,
    }
}

impl Site {
    /// A post with a title, as an editor creates it.
    pub async fn a_post(&self, title: &str) -> WorkingCopy {
        self.posts
            .create(&editor(), draft(title))
            .await
            .unwrap()
            .copy
    }

    /// A post that is public.
    pub async fn a_published_post(&self, title: &str) -> WorkingCopy {
        let copy = self.a_post(title).await;
        self.publish(&copy).await.unwrap()
    }

    pub async fn publish(&self, copy: &WorkingCopy) -> Result<WorkingCopy> {
        let effect = self
            .posts
            .publish(&editor(), copy.post.standing.id, copy.post.tag(), None)
            .await?;
        Ok(effect.copy)
    }
}

pub fn draft(title: &str) -> NewPost {
    NewPost {
        title: title.parse().unwrap(),
        slug: None,
        locale: None,
        published_at: None,
        excerpt: None,
        tags: Vec::new(),
        category_ids: Vec::new(),
        byline_ids: Vec::new(),
        featured_image_id: None,
        aliases: Vec::new(),
        source: None,
        manuscript: Manuscript {
            body: format!("# {title}\n\nTexto de *{title}*.\n"),
            ..Manuscript::default()
        },
    }
}

pub fn caller(role: Role, user: u128) -> Caller {
    Caller {
        user_id: UserId::new(Uuid::from_u128(user)),
        role,
        request: RequestContext {
            request_id: "test".to_owned(),
            idempotency: None,
        },
    }
}

pub fn editor() -> Caller {
    caller(Role::Editor, 1)
}

/// The caller, sending an idempotency key.
pub fn once(mut caller: Caller, key: &str, digest: &str) -> Caller {
    caller.request.idempotency = Some(IdempotencyClaim {
        key: key.to_owned(),
        request_digest: digest.to_owned(),
    });
    caller
}

pub fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}
