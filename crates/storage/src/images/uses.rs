//! The posts that may use an image: one item for each post, in the partition of the image or of its path.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    images::{Image, ImageName, ImageUseStore, UseRecording},
    page::{Cursor, Page, PageRequest},
    values::{PostId, Timestamp},
};

use super::DynamoImageStore;
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{EntityType, Item, decode_body, encode},
    keys::{self, Table},
};

/// A post that may use an image.
#[derive(Serialize, Deserialize)]
struct UseRecord {
    post_id: PostId,
    /// Time of the last record.
    recorded_at: Timestamp,
}

/// How far the uses of earlier posts and the digests of earlier images are recorded.
#[derive(Serialize, Deserialize)]
struct RecordingRecord {
    posts_complete: bool,
    complete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<String>,
}

/// The names by which posts refer to an image.
fn names(image: &Image) -> Vec<ImageName> {
    let path = image.source_path.clone().map(ImageName::Path);
    [ImageName::Id(image.id())]
        .into_iter()
        .chain(path)
        .collect()
}

#[async_trait]
impl ImageUseStore for DynamoImageStore {
    async fn add_uses(
        &self,
        post: PostId,
        names: &BTreeSet<ImageName>,
        at: Timestamp,
    ) -> Result<()> {
        // Paths that differ in letter case share an item.
        let keys: BTreeSet<_> = names
            .iter()
            .map(|name| keys::image_use(name, post))
            .collect();
        let item = |key| {
            let record = UseRecord {
                post_id: post,
                recorded_at: at,
            };
            encode(Item::new(key, EntityType::ImageUse, record))
        };
        let items = keys.into_iter().map(item).collect::<Result<_>>()?;
        self.dynamo.put_many(Table::Images, items).await
    }

    async fn list_uses(
        &self,
        image: &Image,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PostId>> {
        let name = format!("uses/{}", image.id());
        let cursor = page.cursor.as_ref();
        let begin = cursor.map(|cursor| self.cursors.open(&name, cursor, now));
        let (begin, limit) = (begin.transpose()?, page.limit.get());
        let mut posts = BTreeSet::new();
        for name in names(image) {
            let partition = keys::image_uses_of(&name);
            let range = KeyRange::Between(keys::image_uses(begin.clone()));
            // One more, because a range includes its end, and one to know whether another page exists.
            let query = RangeQuery::first(partition, range, limit + 2);
            for item in self.dynamo.query(Table::Images, query).await? {
                posts.insert(decode_body::<UseRecord>(item)?.post_id);
            }
        }
        let place = |post: &PostId| keys::image_use_sort_key(*post);
        let mut items: Vec<_> = posts
            .into_iter()
            .rev()
            .filter(|post| begin.as_ref() != Some(&place(post)))
            .collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next = last.map(|last| self.cursors.seal(&name, &place(last), now));
        Ok(Page { items, next })
    }

    async fn forget_use(&self, image: &Image, post: PostId, since: Timestamp) -> Result<()> {
        for name in names(image) {
            let since = AttributeValue::S(since.to_string());
            let (key, old) = (keys::image_use(&name, post), "recorded_at < :since");
            self.dynamo
                .remove_if(Table::Images, key, old, [(":since", since)])
                .await?;
        }
        Ok(())
    }

    async fn use_recording(&self) -> Result<UseRecording> {
        let key = keys::image_use_recording();
        let found = self.dynamo.find(Table::Images, key, Consistency::Strong);
        let found: Option<RecordingRecord> = found.await?;
        let Some(record) = found else {
            return Ok(UseRecording::Posts(None));
        };
        let position = record.position.map(Cursor);
        Ok(match (record.posts_complete, record.complete) {
            (_, true) => UseRecording::Complete,
            (true, false) => UseRecording::Images(position),
            (false, false) => UseRecording::Posts(position),
        })
    }

    async fn advance_use_recording(&self, state: &UseRecording) -> Result<()> {
        let position = match state {
            UseRecording::Posts(position) | UseRecording::Images(position) => position.as_ref(),
            UseRecording::Complete => None,
        };
        let record = RecordingRecord {
            posts_complete: !matches!(state, UseRecording::Posts(_)),
            complete: *state == UseRecording::Complete,
            position: position.map(|Cursor(cursor)| cursor.clone()),
        };
        let key = keys::image_use_recording();
        let item = Item::new(key, EntityType::ImageUseRecording, record);
        self.dynamo.put(Table::Images, encode(item)?).await
    }
}
