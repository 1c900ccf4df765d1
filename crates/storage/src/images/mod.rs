//! Images. `claims` holds their unique names, `uses` the posts that may use them.

pub(crate) mod claims;
mod removals;
mod uses;

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    images::{ByteRemoval, Image, ImageFile, ImageFilter, ImageStore, InsertOutcome},
    page::{Page, PageRequest},
    values::{Digest, ImageId, SourcePath, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

pub(crate) use claims::ImageRefusal;

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{EntityType, Item, decode_body, encode},
    keys::{self, AuditSubject, ItemKey, Table},
    paging::ListQuery,
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// Maximum number of images with the same bytes that a look-up by digest finds.
const MAX_SAME: usize = 25;

/// Stores the metadata of images in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoImageStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

impl DynamoImageStore {
    /// A store that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }
}

#[async_trait]
impl ImageStore for DynamoImageStore {
    async fn insert(
        &self,
        context: &WriteContext,
        image: &Image,
        over: Option<&ByteRemoval>,
    ) -> Result<InsertOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Image(image.id()));
        let head = keys::image(image.id());
        change.put_if(
            Table::Images,
            encode(Item::new(head, EntityType::Image, image))?,
            Condition::ABSENT,
            ImageRefusal::Stored,
        )?;
        change.put(Table::Images, encode(row(image))?)?;
        for record in claims::digests(image) {
            change.put(Table::Images, encode(record)?)?;
        }
        claims::write(&mut change, image, Condition::ABSENT)?;
        let (removal, removed) = (
            keys::byte_removal(&image.file.sha256),
            ImageRefusal::Removed,
        );
        match over {
            None => change.require_if(Table::Images, removal, Condition::ABSENT, removed)?,
            Some(over) => {
                change.remove_if(Table::Images, removal, removals::is_same(over), removed)?;
            }
        }
        match change.commit().await? {
            TransactionOutcome::Committed => Ok(InsertOutcome::Inserted),
            TransactionOutcome::Refused(failed) => claims::explain(image, failed),
        }
    }

    async fn update(
        &self,
        context: &WriteContext,
        before: &Image,
        after: &Image,
    ) -> Result<WriteOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Image(after.id()));
        let head = keys::image(after.id());
        change.put_if(
            Table::Images,
            encode(Item::new(head, EntityType::Image, after))?,
            unchanged(before),
            ImageRefusal::Stale,
        )?;
        let (old, new) = (row(before), row(after));
        if old.key() != new.key() {
            change.remove(Table::Images, old.key())?;
        }
        change.put(Table::Images, encode(new)?)?;
        match (before.trash, after.trash) {
            (None, Some(_)) => claims::release(&mut change, before)?,
            (Some(_), None) => claims::write(&mut change, after, Condition::ABSENT)?,
            _ => {}
        }
        match change.commit().await? {
            TransactionOutcome::Committed => Ok(WriteOutcome::Applied),
            TransactionOutcome::Refused(failed) => claims::explain_change(after, &failed),
        }
    }

    async fn find_by_digest(&self, digest: &Digest) -> Result<Vec<ImageId>> {
        let (pk, ends) = keys::images_with_digest(digest);
        let query = RangeQuery::first(pk, KeyRange::Ascending(ends), MAX_SAME);
        let records = self.dynamo.query(Table::Images, query).await?;
        let id = |record| decode_body::<ImageFile>(record).map(|file| file.id);
        records.into_iter().map(id).collect()
    }

    async fn add_digests(&self, images: &[Image]) -> Result<()> {
        let records = images.iter().flat_map(claims::digests).map(encode);
        let records = records.collect::<Result<_>>()?;
        self.dynamo.put_many(Table::Images, records).await
    }

    async fn list_trash(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Image>> {
        let list = ListQuery::of(Table::Images, keys::trashed_images(), keys::end_of_list());
        let sort_key = |image: &Image| row(image).key().sk;
        list.page(&self.dynamo, &self.cursors, (now, page), sort_key, |row| {
            Ok(Some(row))
        })
        .await
    }

    async fn find_purgeable(&self, now: Timestamp, limit: usize) -> Result<Vec<Image>> {
        let (pk, ends) = keys::purgeable_images(now);
        let query = RangeQuery::first(pk, KeyRange::Ascending(ends), limit);
        let rows = self.dynamo.query(Table::Images, query).await?;
        rows.into_iter().map(decode_body).collect()
    }

    async fn purge(&self, context: &WriteContext, image: &Image) -> Result<WriteOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Image(image.id()));
        let head = keys::image(image.id());
        change.remove_if(Table::Images, head, unchanged(image), ())?;
        change.remove(Table::Images, row(image).key())?;
        for record in claims::digests(image) {
            change.remove(Table::Images, record.key())?;
        }
        change.commit_or_conflict().await
    }

    async fn find(&self, id: ImageId) -> Result<Option<Image>> {
        self.dynamo
            .find(Table::Images, keys::image(id), Consistency::Strong)
            .await
    }

    async fn find_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>> {
        let keys = ids.iter().copied().map(keys::image).collect();
        self.dynamo
            .find_many(Table::Images, keys, Consistency::Eventual)
            .await
    }

    async fn find_by_paths(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, ImageFile>> {
        let mut found = claims::find(&self.dynamo, paths).await?;
        let left: Vec<_> = paths
            .iter()
            .filter(|path| !found.contains_key(path))
            .collect();
        if !left.is_empty() {
            found.extend(claims::find_folded(&self.dynamo, &left).await?);
        }
        Ok(found)
    }

    async fn list(
        &self,
        now: Timestamp,
        filter: &ImageFilter,
        page: &PageRequest,
    ) -> Result<Page<Image>> {
        let (top, bottom) = keys::images_between(filter.created_after, filter.created_before);
        let mut list = ListQuery::of(Table::Images, keys::images(), top).down_to(bottom);
        if *filter != ImageFilter::default() {
            list = list.named(keys::query("images", &format!("{filter:?}")));
        }
        if filter.is_selective() {
            list = list.filtered();
        }
        let sort_key = |image: &Image| keys::image_sort_key(image.created_at, image.id());
        list.page(
            &self.dynamo,
            &self.cursors,
            (now, page),
            sort_key,
            |row: Image| Ok(filter.accepts(&row).then_some(row)),
        )
        .await
    }
}

/// Condition: the image has not changed.
fn unchanged(image: &Image) -> Condition {
    let version = AttributeValue::N(image.version.to_string());
    Condition::new("version = :version", [(":version", version)])
}

/// The row of an image in the list, or in the trash.
pub(crate) fn row(image: &Image) -> Item<&Image> {
    let key = match image.trash {
        Some(stay) => keys::trashed_image_row(stay.until, image.id()),
        None => keys::image_row(image.created_at, image.id()),
    };
    Item::new(key, EntityType::ImageRow, image)
}

/// The keys of the other items of an image.
pub(crate) fn derived_keys(image: &Image) -> Vec<ItemKey> {
    let mut keys = claims::names(image);
    keys.push(row(image).key());
    keys.extend(claims::digests(image).iter().map(Item::key));
    keys
}
