//! A site for tests: the services with the real stores and an empty database. Its clock and ids are
//! deterministic, and its `wire` injects faults.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod actor;
mod samples;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    access::Caller,
    accounts::ReassignmentWorker,
    clock::{Clock, Ids},
    operations::{OperationStore, Operations, Runner, TaskWorkers},
    posts::{
        InlineRenderer, LiveCopy, NewPost, Ports, Post, PostPatch, Posts, PublicLookup, Schedule,
        Transition, WorkingCopy,
    },
    site::Sites,
    taxonomy::{Categories, NewCategory, RelocationWorker, Tags},
    values::{CategoryId, PostId, Slug, Timestamp},
};
use tintero_embedded::faults::Wire;
use tintero_storage::{
    CursorKey, CursorKeys, Dynamo, DynamoTaxonomyStore, client, doctor::Doctor,
    image_files::MemoryImageFileStore, keys, migrations::Migrator,
};
use uuid::Uuid;

pub(crate) use actor::Actor;
pub(crate) use samples::*;

use crate::{accounts::user_store, database, images::images};

/// The time at which every test begins: 2100-01-01T00:00:00Z. DynamoDB Local deletes expired items by
/// the real clock, so the time must be in the future.
pub(crate) const DAWN: i64 = 4_102_444_800_000;

/// A clock that only moves with `forward`.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Ids in ascending order.
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
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Arc<Counter>,
    pub(crate) dynamo: Dynamo,
    /// The files of images.
    pub(crate) files: MemoryImageFileStore,
    pub(crate) taxonomy: DynamoTaxonomyStore,
    pub(crate) categories: Categories,
    pub(crate) tags: Tags,
    pub(crate) sites: Sites,
    pub(crate) operations: Operations,
}

pub(crate) async fn site() -> Site {
    let wire = database::empty();
    let clients = client::embedded(wire.http_client());
    let clock = Arc::new(ManualClock(AtomicI64::new(DAWN)));
    let ids = Arc::new(Counter(AtomicU64::new(1)));
    Migrator::new(clients.migrations, "t", "test", clock.clone(), ids.clone())
        .up()
        .await
        .unwrap();
    let dynamo = Dynamo::new(clients.requests, "t");
    let _ = wire.measure();
    server(wire, dynamo, clock, ids)
}

/// The keys that sign cursors.
pub(crate) fn cursors() -> CursorKeys {
    CursorKeys::new(CursorKey([7; 32]), None)
}

/// A server process on a database that exists.
fn server(wire: Wire, dynamo: Dynamo, clock: Arc<ManualClock>, ids: Arc<Counter>) -> Site {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let taxonomy = DynamoTaxonomyStore::new(dynamo.clone(), cursors.clone());
    let operations = tintero_storage::DynamoOperationStore::new(dynamo.clone(), cursors.clone());
    let operations = Operations::new(
        Arc::new(operations),
        clock.clone(),
        ids.clone(),
        Arc::new(()),
    );
    let categories = Categories::new(
        Arc::new(taxonomy.clone()),
        clock.clone(),
        ids.clone(),
        operations.clone(),
    );
    let tags = Tags::new(
        Arc::new(taxonomy.clone()),
        clock.clone(),
        ids.clone(),
        operations.clone(),
    );
    let store =
        tintero_storage::DynamoPostStore::new(dynamo.clone(), cursors.clone(), taxonomy.clone());
    let store = Arc::new(store);
    let sites = Sites::new(
        Arc::new(tintero_storage::DynamoSiteStore::new(dynamo.clone())),
        "es".parse().unwrap(),
        clock.clone(),
        ids.clone(),
    );
    let needs = Ports {
        store: store.clone(),
        history: store.clone(),
        links: store,
        images: Arc::new(tintero_storage::DynamoImageStore::new(
            dynamo.clone(),
            cursors,
        )),
        site: sites.clone(),
        renderer: Arc::new(InlineRenderer),
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let posts = Posts::new(needs);
    Site {
        posts,
        wire,
        clock,
        ids,
        dynamo,
        files: MemoryImageFileStore::default(),
        taxonomy,
        categories,
        tags,
        sites,
        operations,
    }
}

impl Site {
    /// Another server process on the same database, whose clock differs by some seconds.
    pub(crate) fn with_skew(&self, seconds: i64) -> Self {
        let at = self.now().as_millis() + seconds * 1000;
        let clock = Arc::new(ManualClock(AtomicI64::new(at)));
        let (wire, dynamo) = (self.wire.clone(), self.dynamo.clone());
        Self {
            files: self.files.clone(),
            ..server(wire, dynamo, clock, self.ids.clone())
        }
    }

    /// A doctor of the site.
    pub(crate) fn doctor(&self) -> Doctor {
        let files = Arc::new(self.files.clone());
        Doctor::new(
            self.dynamo.clone(),
            files,
            self.clock.clone(),
            self.ids.clone(),
        )
    }

    /// A store of operations.
    pub(crate) fn operation_store(&self) -> Arc<dyn OperationStore> {
        let cursors = CursorKeys::new(CursorKey([7; 32]), None);
        let store = tintero_storage::DynamoOperationStore::new(self.dynamo.clone(), cursors);
        Arc::new(store)
    }

    /// The store of another server process, without the caches of this one.
    pub(crate) fn post_store(&self) -> tintero_storage::DynamoPostStore {
        let cursors = CursorKeys::new(CursorKey([7; 32]), None);
        let taxonomy = DynamoTaxonomyStore::new(self.dynamo.clone(), cursors.clone());
        tintero_storage::DynamoPostStore::new(self.dynamo.clone(), cursors, taxonomy)
    }

    /// A runner of another server process.
    pub(crate) fn runner(&self) -> Runner {
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let taxonomy = Arc::new(self.taxonomy.clone());
        let posts = Arc::new(self.posts.clone());
        let relocations =
            RelocationWorker::new(taxonomy, posts.clone(), clock.clone(), ids.clone());
        let reassignments = ReassignmentWorker::new(
            Arc::new(user_store(self)),
            posts,
            clock.clone(),
            ids.clone(),
        );
        let worker = TaskWorkers {
            relocations: Arc::new(relocations),
            reassignments: Arc::new(reassignments),
            sweeps: Arc::new(images(self)),
        };
        Runner::new(self.operation_store(), Arc::new(worker), clock, ids)
    }

    /// The time of the site's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Acts as `caller`.
    pub(crate) fn by(&self, caller: &Caller) -> Actor<'_> {
        Actor {
            posts: &self.posts,
            caller: caller.clone(),
        }
    }

    /// Creates a post as an editor.
    pub(crate) async fn create(&self, new: NewPost) -> WorkingCopy {
        self.by(&editor()).create(new).await.unwrap()
    }

    /// Creates a draft with a title as an editor.
    pub(crate) async fn a_post(&self, title: &str) -> WorkingCopy {
        self.create(draft(title)).await
    }

    /// Reads a working copy as an editor.
    pub(crate) async fn read(&self, id: PostId) -> WorkingCopy {
        self.posts.get(&editor(), id).await.unwrap().copy
    }

    /// Updates a post as an editor.
    pub(crate) async fn update(&self, copy: &WorkingCopy, patch: PostPatch) -> WorkingCopy {
        self.by(&editor()).update(copy, patch).await.unwrap()
    }

    /// Changes the status of a post as an editor.
    pub(crate) async fn transition(&self, copy: &WorkingCopy, to: Transition) -> WorkingCopy {
        self.by(&editor()).transition(copy, to).await.unwrap()
    }

    /// Schedules a post as an editor.
    pub(crate) async fn schedule(&self, copy: &WorkingCopy, schedule: Schedule) -> WorkingCopy {
        self.by(&editor()).schedule(copy, schedule).await.unwrap()
    }

    /// Resolves a public address in the default locale.
    pub(crate) async fn public(&self, address: &str) -> Result<PublicLookup> {
        let found = self.posts.get_public(&slug(address), &[]).await;
        found.map(|found| found.value)
    }

    /// The present slug to which an old one redirects.
    pub(crate) async fn redirected(&self, address: &str) -> Slug {
        match self.public(address).await.unwrap() {
            PublicLookup::Moved(to) => to.slug,
            PublicLookup::Found(copy) => panic!("{address} does not redirect: {copy:?}"),
        }
    }

    /// The live copy at an address.
    pub(crate) async fn live(&self, address: &str) -> Box<LiveCopy> {
        match self.public(address).await.unwrap() {
            PublicLookup::Found(copy) => copy,
            PublicLookup::Moved(to) => panic!("{address} redirects to {to:?}"),
        }
    }

    /// Creates a top-level category.
    pub(crate) async fn a_category(&self, name: &str) -> CategoryId {
        let new = NewCategory {
            name: name.parse().unwrap(),
            slug: None,
            parent_id: None,
        };
        let filed = self.categories.create(&editor(), new).await.unwrap();
        filed.category.id
    }

    /// Deletes an item directly in the database.
    pub(crate) async fn erase(&self, table: &str, key: keys::ItemKey) {
        let text = AttributeValue::S;
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

    /// The stored item with a key.
    pub(crate) async fn item(
        &self,
        table: &str,
        key: keys::ItemKey,
    ) -> Option<HashMap<String, AttributeValue>> {
        let get = client::embedded(self.wire.http_client())
            .requests
            .get_item();
        let get = get.table_name(format!("t-{table}"));
        let get = get.key("pk", AttributeValue::S(key.pk));
        let get = get.key("sk", AttributeValue::S(key.sk));
        get.send().await.unwrap().item
    }

    /// Stores a draft as earlier versions did: it claims its address and its language.
    pub(crate) async fn reserve_names(&self, post: &Post) {
        let id = post.state.id;
        let mut item = self.item("posts", keys::post(id)).await.unwrap();
        item.remove("claims");
        self.put_item(item).await;
        let claim = keys::claim(&post.content.address);
        let claim = [("et", "claim"), ("state", "reserved")]
            .into_iter()
            .chain([("pk", claim.pk.as_str()), ("sk", claim.sk.as_str())]);
        self.put_item(held_by(id, claim)).await;
        if let Some(translation) = post.content.translation {
            let own = keys::draft_translation(translation.of, id);
            self.erase("posts", own).await;
            let key = keys::translation(translation.of, &post.content.address.locale);
            let claim = [("et", "translation"), ("pk", &key.pk), ("sk", &key.sk)];
            self.put_item(held_by(id, claim)).await;
        }
    }

    async fn put_item(&self, item: HashMap<String, AttributeValue>) {
        let tables = client::embedded(self.wire.http_client()).requests;
        let put = tables.put_item().table_name("t-posts");
        put.set_item(Some(item)).send().await.unwrap();
    }

    /// Creates and publishes a post.
    pub(crate) async fn a_published_post(&self, title: &str) -> WorkingCopy {
        let copy = self.a_post(title).await;
        self.publish(&copy).await.unwrap()
    }

    /// Publishes a post as an editor.
    pub(crate) async fn publish(&self, copy: &WorkingCopy) -> Result<WorkingCopy> {
        self.by(&editor()).publish(copy, None).await
    }
}

/// An item that names its post.
fn held_by<'a>(
    id: PostId,
    attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> HashMap<String, AttributeValue> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let attributes = attributes.into_iter();
    let mut item: HashMap<_, _> = attributes
        .map(|(name, value)| (name.to_owned(), text(value)))
        .collect();
    item.insert("post_id".to_owned(), text(&id.to_string()));
    item.insert("sv".to_owned(), AttributeValue::N("1".to_owned()));
    item
}
