//! A site for tests: the use cases over the real stores over a database of its own, with a wire
//! that can be cut, a clock that stands still, and ids that count.

#![expect(
    clippy::unwrap_used,
    reason = "a site that cannot be set up fails the test that wants it"
)]

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use tintero_domain::{
    Result,
    access::{Caller, Grant, RequestContext, Role},
    act::IdempotencyClaim,
    categories::{Categories, NewCategory},
    clock::{Clock, Ids},
    merging::{Merges, Stores},
    operations::{OperationStore, Operations, Runner},
    posts::{Inline, Manuscript, NewPost, Ports, Posts, WorkingCopy},
    tags::Tags,
    values::{CategoryId, Slug, Timestamp, UserId},
};
use tintero_embedded::faults::Wire;
use tintero_storage::{CursorKey, CursorKeys, Dynamo, client, migrations::Migrator};
use uuid::Uuid;

use crate::database;

/// The moment at which every test begins: 2100-01-01T00:00:00Z. A database that sweeps goes by its
/// own clock, and would take away what has just been written if this one were behind.
pub(crate) const DAWN: i64 = 4_102_444_800_000;

/// A clock that moves when it is told to.
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Ids in order.
pub(crate) struct Counter(AtomicU64);

impl Ids for Counter {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u128(0x019b_0000_0000_7000_8000_0000_0000_0000 | u128::from(n))
    }
}

pub(crate) struct Site {
    pub(crate) posts: Posts,
    pub(crate) wire: Wire,
    pub(crate) clock: Arc<Hands>,
    pub(crate) ids: Arc<Counter>,
    pub(crate) dynamo: Dynamo,
    pub(crate) tree: tintero_storage::Categories,
    pub(crate) categories: Categories,
    pub(crate) tag_store: Arc<tintero_storage::Tags>,
    pub(crate) tags: Tags,
    pub(crate) operations: Operations,
}

pub(crate) async fn site() -> Site {
    let wire = database::empty();
    let clients = client::embedded(wire.http_client());
    let clock = Arc::new(Hands(AtomicI64::new(DAWN)));
    let ids = Arc::new(Counter(AtomicU64::new(1)));
    Migrator::new(clients.migrations, "t", "test", clock.clone(), ids.clone())
        .up()
        .await
        .unwrap();
    let dynamo = Dynamo::new(clients.requests, "t");
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let tree = tintero_storage::Categories::new(dynamo.clone());
    let operations = tintero_storage::Operations::new(dynamo.clone(), cursors.clone());
    let operations = Operations::new(
        Arc::new(operations),
        clock.clone(),
        ids.clone(),
        Arc::new(()),
    );
    let categories = Categories::new(
        Arc::new(tree.clone()),
        clock.clone(),
        ids.clone(),
        operations.clone(),
    );
    let tag_store = tintero_storage::Tags::new(dynamo.clone(), cursors.clone(), tree.clone());
    let tag_store = Arc::new(tag_store);
    let tags = Tags::new(
        tag_store.clone(),
        clock.clone(),
        ids.clone(),
        operations.clone(),
    );
    let store = tintero_storage::Posts::new(dynamo.clone(), cursors.clone(), tree.clone());
    let store = Arc::new(store);
    let needs = Ports {
        store: store.clone(),
        history: store,
        images: Arc::new(tintero_storage::Images::new(dynamo.clone(), cursors)),
        renderer: Arc::new(Inline),
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let posts = Posts::new(needs, "es".parse().unwrap());
    let _ = wire.measure();
    Site {
        posts,
        wire,
        clock,
        ids,
        dynamo,
        tree,
        categories,
        tag_store,
        tags,
        operations,
    }
}

impl Site {
    /// Keeps operations.
    pub(crate) fn operation_store(&self) -> Arc<dyn OperationStore> {
        let cursors = CursorKeys::new(CursorKey([7; 32]), None);
        let store = tintero_storage::Operations::new(self.dynamo.clone(), cursors);
        Arc::new(store)
    }

    /// The store of posts of another server, which shares nothing with this one but the tables.
    pub(crate) fn post_store(&self) -> tintero_storage::Posts {
        let cursors = CursorKeys::new(CursorKey([7; 32]), None);
        let tree = tintero_storage::Categories::new(self.dynamo.clone());
        tintero_storage::Posts::new(self.dynamo.clone(), cursors, tree)
    }

    /// A runner, who has never looked at anything.
    pub(crate) fn runner(&self) -> Runner {
        let stores = Stores {
            categories: Arc::new(self.tree.clone()),
            tags: self.tag_store.clone(),
            posts: Arc::new(self.posts.clone()),
        };
        let merges = Merges::new(stores, self.clock.clone(), self.ids.clone());
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        Runner::new(self.operation_store(), Arc::new(merges), clock, ids)
    }

    /// The time on the site's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A post with a title, as an editor creates it.
    pub(crate) async fn a_post(&self, title: &str) -> WorkingCopy {
        self.posts
            .create(&editor(), draft(title))
            .await
            .unwrap()
            .shown
            .copy
    }

    /// A category at the top of the tree.
    pub(crate) async fn a_category(&self, name: &str) -> CategoryId {
        let new = NewCategory {
            name: name.parse().unwrap(),
            slug: None,
            parent_id: None,
        };
        let filed = self.categories.create(&editor(), new).await.unwrap();
        filed.category.id
    }

    /// Takes an item away behind everybody's back.
    pub(crate) async fn erase(&self, table: &str, key: tintero_storage::keys::Key) {
        let text = aws_sdk_dynamodb::types::AttributeValue::S;
        client::embedded(self.wire.http_client())
            .requests
            .delete_item()
            .table_name(format!("t-{table}"))
            .key("pk", text(key.pk))
            .key("sk", text(key.sk))
            .send()
            .await
            .unwrap();
    }

    /// A post that is public.
    pub(crate) async fn a_published_post(&self, title: &str) -> WorkingCopy {
        let copy = self.a_post(title).await;
        self.publish(&copy).await.unwrap()
    }

    pub(crate) async fn publish(&self, copy: &WorkingCopy) -> Result<WorkingCopy> {
        let effect = self
            .posts
            .publish(&editor(), copy.post.standing.id, copy.post.tag(), None)
            .await?;
        Ok(effect.shown.copy)
    }
}

pub(crate) fn draft(title: &str) -> NewPost {
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
        translation: None,
        manuscript: Manuscript {
            body: format!("# {title}\n\nTexto de *{title}*.\n"),
            ..Manuscript::default()
        },
        note: None,
    }
}

pub(crate) fn caller(role: Role, user: u128) -> Caller {
    Caller {
        user_id: UserId::new(Uuid::from_u128(user)),
        role,
        grant: Grant::Session,
        request: RequestContext {
            request_id: "test".to_owned(),
            idempotency: None,
        },
    }
}

pub(crate) fn editor() -> Caller {
    caller(Role::Editor, 1)
}

/// The caller, sending an idempotency key.
pub(crate) fn once(mut caller: Caller, key: &str, digest: &str) -> Caller {
    caller.request.idempotency = Some(IdempotencyClaim {
        key: key.to_owned(),
        request_digest: digest.to_owned(),
    });
    caller
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}
