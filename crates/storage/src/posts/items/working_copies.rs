//! Reads working copies, with or without their text.

use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{Manuscript, ManuscriptRef, Post, WorkingCopy},
    values::{PostId, Timestamp},
};

use super::post_record::PostRecord;
use crate::{
    chunks::{self, Slot},
    dynamo::{Dynamo, KeyRange, RangeQuery},
    item::{Attributes, EntityType, decode_body, entity, key_of},
    keys::{self, ChunkKind, Table},
    posts::DynamoPostStore,
};

impl DynamoPostStore {
    /// Reads a working copy with its text. Takes one request if the text has one chunk.
    pub(in crate::posts) async fn working_copy(
        &self,
        id: PostId,
        now: Timestamp,
    ) -> Result<Option<WorkingCopy>> {
        let (pk, ends) = keys::text_and_post(id);
        let query = RangeQuery::first(pk, KeyRange::Between(ends), 2);
        let mut items = self.dynamo.query(Table::Posts, query).await?.into_iter();
        // A partition without a post contains only the chunks of an interrupted creation.
        let is_post = |item: &Attributes| entity(item) == Some(EntityType::Post);
        let Some(item) = items.next().filter(is_post) else {
            return Ok(None);
        };
        let mut post = decode_body::<PostRecord>(item)?.post(now)?;
        self.update_taxonomy(vec![&mut post.content]).await?;
        let manuscript = self.manuscript_of(&post, items.next().as_ref()).await?;
        Ok(Some(WorkingCopy { post, manuscript }))
    }

    async fn read_manuscript(&self, id: PostId, text: &ManuscriptRef) -> Result<Manuscript> {
        let bytes = chunks::read(&self.dynamo, ChunkKind::Manuscript, id, text).await?;
        chunks::decompress(&bytes).await
    }

    /// Reads the text from `newest`, the newest chunk of the post, if it holds the whole text.
    async fn manuscript_of(&self, post: &Post, newest: Option<&Attributes>) -> Result<Manuscript> {
        let id = post.state.id;
        let first = keys::chunk(ChunkKind::Manuscript, id, &post.text, 0);
        match newest {
            Some(chunk) if post.text.chunks == 1 && key_of(chunk).as_ref() == Some(&first) => {
                chunks::decompress(chunks::detach(chunk, Slot::First).unwrap_or_default()).await
            }
            // The text has several chunks, or the newest chunk is of a write that was refused.
            _ => self.read_manuscript(id, &post.text).await,
        }
    }
}

/// Reads a working copy without its text.
pub(crate) async fn find_post(
    dynamo: &Dynamo,
    id: PostId,
    freshness: Freshness,
    now: Timestamp,
) -> Result<Option<Post>> {
    let read = dynamo.find(Table::Posts, keys::post(id), freshness.into());
    let record: Option<PostRecord> = read.await?;
    record.map(|record| record.post(now)).transpose()
}

/// Reads several working copies without their texts. Omits missing ones.
pub(crate) async fn find_posts(
    dynamo: &Dynamo,
    ids: &[PostId],
    freshness: Freshness,
    now: Timestamp,
) -> Result<Vec<Post>> {
    let keys = ids.iter().copied().map(keys::post).collect();
    let found = dynamo
        .find_many(Table::Posts, keys, freshness.into())
        .await?;
    let post = |record: PostRecord| record.post(now);
    found.into_iter().map(post).collect()
}
