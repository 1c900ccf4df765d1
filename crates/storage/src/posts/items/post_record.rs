//! The item of a working copy. Three indexes contain copies of it, so it is kept below one kilobyte:
//! attributes that a key contains, or that equal those of the working copy, are omitted.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Error, Result,
    posts::{Content, Live, ManuscriptRef, Post, PostState, Review, Status, StatusName},
    values::{Address, BylineId, CategoryId, Note, Revision, Tag, Timestamp, Version},
    writes::WriteContext,
};
use uuid::Uuid;

use crate::{
    item::{EntityType, Item},
    keys::{self, StatusPartition},
};

/// The rules by which this version claims names: those of posts that are or were public, or will be.
const CLAIM_RULES: u8 = 1;

/// A working copy without its text.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::posts) struct PostRecord {
    state_key: String,
    /// Contains the owner and the status.
    owner_key: String,
    /// Contains the time of creation and the id.
    pub(in crate::posts) created_key: String,
    updated_shard: String,
    /// Contains the time of the last write.
    pub(in crate::posts) updated_key: String,
    #[serde(flatten)]
    content: Content,
    text: ManuscriptRef,
    version: Version,
    revision: Revision,
    #[serde(default, rename = "refilings", skip_serializing_if = "is_zero")]
    relocations: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<Review>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review_note: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_published_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    past_addresses: Vec<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live: Option<LiveRecord>,
    /// Replaces `live`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<LiveRecord>,
    /// Time at which the post stops being public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Time as of which a cleanup has applied scheduled changes since the last write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled_at: Option<Timestamp>,
    /// Version of the rules by which the post claims names. Absent in items of earlier versions, which claimed
    /// the names of every working copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims: Option<u8>,
    /// The write that stored this version. A write whose response was lost finds its id here.
    #[serde(rename = "act")]
    write: Uuid,
}

/// The metadata of a live copy, without the attributes that equal those of the working copy.
#[derive(Debug, Serialize, Deserialize)]
struct LiveRecord {
    revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    /// Absent if it equals `published_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Tag>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category_ids: Option<Vec<CategoryId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    byline_ids: Option<Vec<BylineId>>,
}

/// The item of a working copy.
pub(in crate::posts) fn post_item(context: &WriteContext, post: &Post) -> Item<PostRecord> {
    let Post {
        state,
        content,
        text,
    } = post.clone();
    let PostState {
        id,
        owner_id,
        status,
        review,
        review_note,
        published_at,
        first_published_at,
        past_addresses,
        created_at,
        updated_at,
        version,
        revision,
        relocations,
        settled_at,
        ended: _,
        reserves_names,
    } = state;
    let partition = partition(&status);
    let record = |live: &Live| LiveRecord::new(live, &content, published_at);
    let (live, next, until) = match &status {
        Status::Draft | Status::Trashed => (None, None, None),
        Status::Archived { live } => (Some(record(live)), None, None),
        Status::Scheduled { live, until } => (Some(record(live)), None, *until),
        Status::Published { live, next, until } => {
            (Some(record(live)), next.as_ref().map(record), *until)
        }
    };
    let record = PostRecord {
        state_key: keys::state(partition),
        owner_key: keys::owner_state(owner_id, partition),
        created_key: keys::moment(created_at, id),
        updated_shard: keys::updated_shard(),
        updated_key: keys::moment(updated_at, id),
        content,
        text,
        version,
        revision,
        relocations,
        review: Some(review).filter(|review| *review != Review::None),
        review_note,
        published_at,
        first_published_at,
        past_addresses,
        live,
        next,
        until,
        settled_at,
        claims: (!reserves_names).then_some(CLAIM_RULES),
        write: context.id,
    };
    Item::new(keys::post(id), EntityType::Post, record)
}

/// The partition of a post in the index by status. Posts with a scheduled change of status have a
/// partition of their own.
pub(in crate::posts) fn partition(status: &Status) -> StatusPartition {
    match status.next_change() {
        Some(_) => StatusPartition::Timed,
        None => StatusPartition::Of(status.name()),
    }
}

impl PostRecord {
    /// The working copy as of `now`.
    pub(in crate::posts) fn post(self, now: Timestamp) -> Result<Post> {
        let unreadable = || Error::Corrupt {
            what: format!("post {}", self.created_key),
            source: "its keys cannot be parsed".into(),
        };
        let (created_at, id) = keys::parse_moment(&self.created_key).ok_or_else(unreadable)?;
        let (updated_at, _) = keys::parse_moment(&self.updated_key).ok_or_else(unreadable)?;
        let (owner_id, place) = keys::parse_owner_state(&self.owner_key).ok_or_else(unreadable)?;
        let live = |record: &Option<LiveRecord>| {
            let live = record
                .as_ref()
                .map(|live| live.with(&self.content, self.published_at));
            live.map(|live| live.ok_or_else(unreadable)).transpose()
        };
        let (live, next) = (live(&self.live)?, live(&self.next)?);
        let until = self.until;
        let status = match (place, live, next) {
            (StatusPartition::Of(StatusName::Trashed), ..) => Status::Trashed,
            (StatusPartition::Of(StatusName::Archived), Some(live), _) => Status::Archived { live },
            (_, None, _) => Status::Draft,
            // `Post::at` below changes the status if its time has passed.
            (_, Some(live), None) => Status::Scheduled { live, until },
            (_, Some(live), next) => Status::Published { live, next, until },
        };
        let state = PostState {
            id,
            owner_id,
            status,
            review: self.review.unwrap_or(Review::None),
            review_note: self.review_note,
            published_at: self.published_at,
            first_published_at: self.first_published_at,
            past_addresses: self.past_addresses,
            created_at,
            updated_at,
            version: self.version,
            revision: self.revision,
            relocations: self.relocations,
            settled_at: self.settled_at,
            ended: Vec::new(),
            reserves_names: self.claims.is_none(),
        };
        let post = Post {
            state,
            content: self.content,
            text: self.text,
        };
        Ok(post.at(now))
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the value by reference"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// `live` if it differs from the working copy.
fn changed<T: Clone + PartialEq>(live: &T, working: &T) -> Option<T> {
    (live != working).then(|| live.clone())
}

fn or<T: Clone>(live: Option<&T>, working: &T) -> T {
    live.unwrap_or(working).clone()
}

impl LiveRecord {
    fn new(live: &Live, content: &Content, published_at: Option<Timestamp>) -> Self {
        let Live {
            address,
            published_at: date,
            from,
            revision,
            tags,
            category_ids,
            byline_ids,
        } = live;
        Self {
            revision: *revision,
            address: changed(address, &content.address),
            published_at: Some(*date).filter(|_| published_at != Some(*date)),
            from: Some(*from).filter(|from| from != date),
            tags: changed(tags, &content.tags),
            category_ids: changed(category_ids, &content.category_ids),
            byline_ids: changed(byline_ids, &content.byline_ids),
        }
    }

    fn with(&self, content: &Content, published_at: Option<Timestamp>) -> Option<Live> {
        let published_at = self.published_at.or(published_at)?;
        Some(Live {
            address: or(self.address.as_ref(), &content.address),
            published_at,
            from: self.from.unwrap_or(published_at),
            revision: self.revision,
            tags: or(self.tags.as_ref(), &content.tags),
            category_ids: or(self.category_ids.as_ref(), &content.category_ids),
            byline_ids: or(self.byline_ids.as_ref(), &content.byline_ids),
        })
    }
}
