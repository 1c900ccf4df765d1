//! The list of changes of the public side.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use tintero_domain::{
    Error, Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    posts::{
        CHANGES_OVERLAP, CHANGES_RETENTION, ChangesQuery, LiveCopy, Post, PublicChanges,
        PublicSummary, RemovalReason, RemovedAddress, Status,
    },
    values::{Address, PostId, Timestamp},
};

use super::texts::ReadCopies;
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{EntityType, Item, encode, key_of},
    keys::{self, PublicPartition, Table},
    paging::ListQuery,
    posts::{
        DynamoPostStore, find_posts,
        items::{ClaimVisibility, PublicChangeRecord, StartRecord, claim_visibility},
    },
};

/// A page of changes and the present state of their posts.
struct ReadChanges {
    name: String,
    rows: Page<PublicChangeRecord>,
    posts: HashMap<PostId, Post>,
    /// The published posts in the order of their first change.
    listed: Vec<PublicSummary>,
    earliest: Timestamp,
}

impl DynamoPostStore {
    /// Begins to record changes. If no post was published before, all changes since ever are known.
    pub(in crate::posts) async fn begin(&self, now: Timestamp) -> Result<()> {
        if self.start_of_changes().await?.is_some() {
            return Ok(());
        }
        let range = KeyRange::Below(keys::end_of_list());
        let query = RangeQuery::first(PublicPartition::Latest.pk(), range, 1);
        let is_new = self.dynamo.query(Table::Posts, query).await?.is_empty();
        let since = if is_new {
            Timestamp::from_millis(0)
        } else {
            now
        };
        let key = keys::start_of_changes();
        let start = Item::new(key, EntityType::ChangesStart, StartRecord { since });
        // Another server can have begun in between.
        self.dynamo.insert(Table::Site, encode(start)?).await
    }

    async fn start_of_changes(&self) -> Result<Option<Timestamp>> {
        if let Some(since) = self.changes_start.get() {
            return Ok(Some(*since));
        }
        let key = keys::start_of_changes();
        let read = self.dynamo.find(Table::Site, key, Consistency::Strong);
        let start: Option<StartRecord> = read.await?;
        let since = start.map(|start| start.since);
        Ok(since.map(|since| *self.changes_start.get_or_init(|| since)))
    }

    /// Lists the changed posts.
    pub(in crate::posts) async fn changes(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<PublicSummary>> {
        let read = self.read_changes(query, now, page).await?;
        let removed = self.removed(&read, query, now).await?;
        Ok(PublicChanges {
            removed,
            next_since: read.next_since(now),
            posts: Page {
                items: read.listed,
                next: read.rows.next,
            },
        })
    }

    /// Lists the changed posts with their texts.
    pub(in crate::posts) async fn changed_copies(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<LiveCopy>> {
        let mut read = self.read_changes(query, now, page).await?;
        let ReadCopies { copies, rows } = self.copies_of(&read.listed, now).await?;
        let unread = read.listed.get(rows).map(|row| row.id);
        let end = unread.and_then(|unread| {
            let rows = &mut read.rows.items;
            rows.iter().position(|row| row.post_id == unread)
        });
        if let Some(end) = end {
            // The page ends before the first change of a post that was not read.
            read.rows.items.truncate(end);
            let last = read.rows.items.last().map(PublicChangeRecord::sort_key);
            let next = last.map(|sort_key| self.cursors.seal(&read.name, &sort_key, now));
            read.rows.next = next;
        }
        let removed = self.removed(&read, query, now).await?;
        Ok(PublicChanges {
            removed,
            next_since: read.next_since(now),
            posts: Page {
                items: copies,
                next: read.rows.next,
            },
        })
    }

    async fn read_changes(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<ReadChanges> {
        let start = self.start_of_changes().await?;
        let kept = Timestamp::from_millis(now.as_millis() - millis(CHANGES_RETENTION));
        let earliest = start.map_or(kept, |start| start.max(kept));
        if query.since < earliest {
            return Err(Error::ForgottenChanges(earliest));
        }
        let name = keys::query("changes", &format!("{query:?}"));
        let list = ListQuery::of(Table::Site, keys::public_changes(), keys::end_of_list())
            .oldest_first(query.since.to_string())
            .up_to(keys::after_moment(now))
            .named(name.clone());
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        let sort_key = PublicChangeRecord::sort_key;
        let page = list.page(dynamo, cursors, (now, page), sort_key, |row| Ok(Some(row)));
        let rows = page.await?;
        let mut seen = HashSet::new();
        let ids = rows.items.iter().map(|row| row.post_id);
        let ids: Vec<_> = ids.filter(|id| seen.insert(*id)).collect();
        let posts = find_posts(&self.dynamo, &ids, Freshness::Recent, now).await?;
        let mut listed = self.summaries(&posts, now).await?;
        listed.retain(|row| {
            let locale = query.locale.as_ref();
            locale.is_none_or(|locale| *locale == row.address.locale)
        });
        listed.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(ReadChanges {
            name,
            rows,
            posts: posts
                .into_iter()
                .map(|post| (post.state.id, post))
                .collect(),
            listed,
            earliest,
        })
    }

    /// The addresses of the changes at which no post is published now.
    async fn removed(
        &self,
        read: &ReadChanges,
        query: &ChangesQuery,
        now: Timestamp,
    ) -> Result<Vec<RemovedAddress>> {
        let locale = query.locale.as_ref();
        let gone = read.rows.items.iter().flat_map(|row| {
            let gone = row.gone.iter();
            gone.map(move |address| (address.clone(), row.post_id))
        });
        let gone: BTreeMap<Address, PostId> = gone
            .filter(|(address, _)| locale.is_none_or(|locale| *locale == address.locale))
            .collect();
        let claims = gone.keys().map(keys::claim).collect();
        let read_claims = self
            .dynamo
            .get_many(Table::Posts, claims, Consistency::Eventual);
        let mut visible = HashMap::new();
        for item in read_claims.await? {
            if let Some(key) = key_of(&item) {
                visible.insert(key, claim_visibility(item, now)?);
            }
        }
        let removed = |(address, id): (Address, PostId)| {
            let reason = match visible.get(&keys::claim(&address)) {
                Some(ClaimVisibility::Listed) => return None,
                Some(ClaimVisibility::Archived) => RemovalReason::Archived,
                Some(ClaimVisibility::Hidden) | None => reason(read.posts.get(&id)),
            };
            Some(RemovedAddress {
                id,
                address,
                reason,
            })
        };
        Ok(gone.into_iter().filter_map(removed).collect())
    }
}

impl ReadChanges {
    /// Rounded down to a minute, so that answers stay the same for a while.
    fn next_since(&self, now: Timestamp) -> Timestamp {
        let minute = millis(Duration::from_mins(1));
        let next = now.as_millis() - millis(CHANGES_OVERLAP);
        Timestamp::from_millis(next - next.rem_euclid(minute)).max(self.earliest)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The reason why a post is not published at an address that it had.
fn reason(post: Option<&Post>) -> RemovalReason {
    match post.map(|post| &post.state.status) {
        None => RemovalReason::Deleted,
        Some(Status::Trashed) => RemovalReason::Trashed,
        Some(Status::Draft | Status::Scheduled { .. }) => RemovalReason::Unpublished,
        Some(Status::Published { .. } | Status::Archived { .. }) => RemovalReason::Moved,
    }
}
