//! The removals of bytes: one item for each digest, in one partition, so that a sweep finds those that are old.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    images::{ByteRemoval, ByteRemovalStore, ImageFile},
    values::{Digest, Timestamp},
    writes::WriteOutcome,
};
use uuid::Uuid;

use super::DynamoImageStore;
use crate::{
    dynamo::{KeyRange, RangeQuery},
    item::{EntityType, Item, decode_body},
    keys::{self, Table},
    unit_of_work::Condition,
};

/// Number of images with the same bytes that are read at once.
const PAGE: usize = 100;

/// The condition of a new image on the removal of its bytes, and whether the removal is taken away.
pub(super) fn is_same(removal: &ByteRemoval) -> Condition {
    Condition::new("act = :act", [(":act", text(removal.removal))])
}

fn text(id: Uuid) -> AttributeValue {
    AttributeValue::S(id.to_string())
}

#[async_trait]
impl ByteRemovalStore for DynamoImageStore {
    async fn has_image(&self, digest: &Digest) -> Result<bool> {
        let (pk, [mut first, last]) = keys::images_with_digest(digest);
        loop {
            // Images whose upload had these bytes are recorded, too, although they have others.
            let range = KeyRange::Ascending([first, last.clone()]);
            let query = RangeQuery::first(pk.clone(), range, PAGE);
            let records = self.dynamo.query(Table::Images, query).await?;
            let is_last = records.len() < PAGE;
            let mut end = String::new();
            for record in records {
                let file: ImageFile = decode_body(record)?;
                if file.sha256 == *digest {
                    return Ok(true);
                }
                end = keys::image_with_digest(digest, file.id).sk;
            }
            if is_last {
                return Ok(false);
            }
            first = keys::after(&end);
        }
    }

    async fn begin_removal(&self, removal: &ByteRemoval, old: Timestamp) -> Result<bool> {
        let key = keys::byte_removal(&removal.sha256);
        let item = Item::new(key, EntityType::ByteRemoval, removal);
        // The write itself, if its response was lost.
        let condition =
            "attribute_not_exists(pk) OR attribute_exists(done) OR began_at < :old OR act = :act";
        let values = [
            (":old", AttributeValue::S(old.to_string())),
            (":act", text(removal.removal)),
        ];
        let begun = self.dynamo.put_if(Table::Images, item, condition, values);
        Ok(begun.await? == WriteOutcome::Applied)
    }

    async fn complete_removal(&self, removal: &ByteRemoval) -> Result<()> {
        let key = keys::byte_removal(&removal.sha256);
        let values = [
            (":act", text(removal.removal)),
            (":yes", AttributeValue::Bool(true)),
        ];
        let change = ("SET done = :yes", "act = :act");
        let completed = self.dynamo.update_if(Table::Images, key, change, values);
        completed.await.map(drop)
    }

    async fn forget_removal(&self, removal: &ByteRemoval) -> Result<()> {
        let key = keys::byte_removal(&removal.sha256);
        let values = [(":act", text(removal.removal))];
        self.dynamo
            .remove_if(Table::Images, key, "act = :act", values)
            .await
    }

    async fn list_removals(
        &self,
        after: Option<&Digest>,
        limit: usize,
    ) -> Result<Vec<ByteRemoval>> {
        let (pk, ends) = keys::byte_removals(after);
        let query = RangeQuery::first(pk, KeyRange::Ascending(ends), limit);
        let found = self.dynamo.query(Table::Images, query).await?;
        found.into_iter().map(decode_body).collect()
    }
}
