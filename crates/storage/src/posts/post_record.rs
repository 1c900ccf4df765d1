//! The working copy as it lies in the table, and three times more in the indexes over it. It pays
//! to keep it below a kilobyte, so what a key says already, or what is public unchanged, is not
//! said twice.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Error, Result,
    act::Act,
    posts::{Content, Live, ManuscriptRef, Post, Review, Standing, Status, StatusName},
    values::{Address, BylineId, CategoryId, Revision, Tag, Timestamp, Version},
};
use uuid::Uuid;

use crate::{
    item::{EntityType, Item},
    keys::{self, Shelf},
};

/// A working copy without its text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PostRecord {
    pub(super) state_key: String,
    /// Says the owner and the status, too.
    pub(super) owner_key: String,
    /// Says the time of creation and the id, too.
    pub(super) created_key: String,
    pub(super) updated_shard: String,
    /// Says the time of the last write, too.
    pub(super) updated_key: String,
    #[serde(flatten)]
    content: Content,
    text: ManuscriptRef,
    version: Version,
    revision: Revision,
    #[serde(default, skip_serializing_if = "is_zero")]
    refilings: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<Review>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_published_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    past_addresses: Vec<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live: Option<LiveRecord>,
    /// What replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<LiveRecord>,
    /// When the last of them vanishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// The act that wrote this version. One that does not know whether it succeeded, because the
    /// answer was lost, finds itself here.
    act: Uuid,
}

/// What is public of a post, as far as it is not what the working copy says.
#[derive(Debug, Serialize, Deserialize)]
struct LiveRecord {
    revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    /// Absent when it is the date that it carries.
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
pub(super) fn item(act: &Act, post: &Post) -> Item<PostRecord> {
    let Post {
        standing,
        content,
        text,
    } = post.clone();
    let Standing {
        id,
        owner_id,
        status,
        review,
        published_at,
        first_published_at,
        past_addresses,
        created_at,
        updated_at,
        version,
        revision,
        refilings,
        ended: _,
    } = standing;
    let shelf = shelf(&status);
    let beside = |live: &Live| LiveRecord::beside(live, &content, published_at);
    let (live, next, until) = match &status {
        Status::Draft | Status::Trashed => (None, None, None),
        Status::Archived { live } => (Some(beside(live)), None, None),
        Status::Scheduled { live, until } => (Some(beside(live)), None, *until),
        Status::Published { live, next, until } => {
            (Some(beside(live)), next.as_ref().map(beside), *until)
        }
    };
    let record = PostRecord {
        state_key: keys::state(shelf),
        owner_key: keys::owner_state(owner_id, shelf),
        created_key: keys::moment(created_at, id),
        updated_shard: keys::updated_shard(),
        updated_key: keys::moment(updated_at, id),
        content,
        text,
        version,
        revision,
        refilings,
        review: Some(review).filter(|review| *review != Review::None),
        published_at,
        first_published_at,
        past_addresses,
        live,
        next,
        until,
        act: act.id,
    };
    Item::new(keys::post(id), EntityType::Post, record)
}

/// The shelf of a post that stands so: one whose status will change by itself stands apart.
pub(super) fn shelf(status: &Status) -> Shelf {
    match status.next_change() {
        Some(_) => Shelf::Timed,
        None => Shelf::Of(status.name()),
    }
}

impl PostRecord {
    /// The working copy as it stands now.
    pub(super) fn post(self, now: Timestamp) -> Result<Post> {
        let unreadable = || Error::Corrupt {
            what: format!("post {}", self.created_key),
            source: "its keys say nothing".into(),
        };
        let (created_at, id) = keys::read_moment(&self.created_key).ok_or_else(unreadable)?;
        let (updated_at, _) = keys::read_moment(&self.updated_key).ok_or_else(unreadable)?;
        let (owner_id, place) = keys::read_owner_state(&self.owner_key).ok_or_else(unreadable)?;
        let live = |record: &Option<LiveRecord>| {
            let live = record
                .as_ref()
                .map(|live| live.with(&self.content, self.published_at));
            live.map(|live| live.ok_or_else(unreadable)).transpose()
        };
        let (live, next) = (live(&self.live)?, live(&self.next)?);
        let until = self.until;
        let status = match (place, live, next) {
            (Shelf::Of(StatusName::Trashed), ..) => Status::Trashed,
            (Shelf::Of(StatusName::Archived), Some(live), _) => Status::Archived { live },
            (_, None, _) => Status::Draft,
            // Scheduled, unless its time has come, which the moment tells.
            (_, Some(live), None) => Status::Scheduled { live, until },
            (_, Some(live), next) => Status::Published { live, next, until },
        };
        let standing = Standing {
            id,
            owner_id,
            status,
            review: self.review.unwrap_or(Review::None),
            published_at: self.published_at,
            first_published_at: self.first_published_at,
            past_addresses: self.past_addresses,
            created_at,
            updated_at,
            version: self.version,
            revision: self.revision,
            refilings: self.refilings,
            ended: Vec::new(),
        };
        let post = Post {
            standing,
            content: self.content,
            text: self.text,
        };
        Ok(post.at(now))
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it asks about by reference"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// `live`, unless the working copy says the same.
fn other<T: Clone + PartialEq>(live: &T, working: &T) -> Option<T> {
    (live != working).then(|| live.clone())
}

/// What `live` says of itself, else what the working copy says.
fn or<T: Clone>(live: Option<&T>, working: &T) -> T {
    live.unwrap_or(working).clone()
}

impl LiveRecord {
    fn beside(live: &Live, content: &Content, published_at: Option<Timestamp>) -> Self {
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
            address: other(address, &content.address),
            published_at: Some(*date).filter(|_| published_at != Some(*date)),
            from: Some(*from).filter(|from| from != date),
            tags: other(tags, &content.tags),
            category_ids: other(category_ids, &content.category_ids),
            byline_ids: other(byline_ids, &content.byline_ids),
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
