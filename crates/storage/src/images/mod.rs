//! Images in DynamoDB. `claims` says by which names one is found.

pub(crate) mod claims;

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    act::Act,
    images::{Claimed, Image, ImageStore, Picture},
    page::{Page, PageRequest},
    posts::Commit,
    values::{ImageId, SourcePath, Timestamp},
};

pub(crate) use claims::Refusal;

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, decode, encode},
    keys::{self, Key, Subject, Table},
    paging::List,
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

/// Keeps what is said of images in DynamoDB.
#[derive(Debug, Clone)]
pub struct Images {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

impl Images {
    /// The store over an installation's tables; `cursors` signs the positions in its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }
}

#[async_trait]
impl ImageStore for Images {
    async fn insert(&self, act: &Act, image: &Image) -> Result<Claimed> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Image(image.id()));
        let head = keys::image(image.id());
        // The id is fresh, so nothing can be there.
        change.put(
            Table::Images,
            encode(Item::new(head, EntityType::Image, image))?,
        )?;
        change.put(Table::Images, encode(row(image))?)?;
        claims::write(&mut change, image, Condition::ABSENT)?;
        match change.commit(None).await? {
            Outcome::Done => Ok(Claimed::Done),
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(refused) => claims::settle(image, refused),
        }
    }

    async fn update(&self, act: &Act, before: &Image, after: &Image) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Image(after.id()));
        let head = keys::image(after.id());
        let version = AttributeValue::N(before.version.to_string());
        change.put_if(
            Table::Images,
            encode(Item::new(head, EntityType::Image, after))?,
            Condition::new("version = :version", [(":version", version)]),
            (),
        )?;
        change.put(Table::Images, encode(row(after))?)?;
        match change.commit(None).await? {
            Outcome::Done => Ok(Commit::Done),
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(_) => Ok(Commit::Stale),
        }
    }

    async fn find(&self, id: ImageId) -> Result<Option<Image>> {
        let item: Option<Item<Image>> = self
            .dynamo
            .get(Table::Images, keys::image(id), Consistency::Strong)
            .await?;
        Ok(item.map(|item| item.body))
    }

    async fn find_many(&self, ids: &BTreeSet<ImageId>) -> Result<Vec<Image>> {
        let keys = ids.iter().copied().map(keys::image).collect();
        let found = self
            .dynamo
            .get_many(Table::Images, keys, Consistency::Eventual)
            .await?;
        let image = |item| Ok(decode::<Item<Image>>(item)?.body);
        found.into_iter().map(image).collect()
    }

    async fn find_by_paths(&self, paths: &[SourcePath]) -> Result<HashMap<SourcePath, Picture>> {
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

    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Image>> {
        let list = List::of(Table::Images, keys::images(), keys::end_of_list());
        let place = |image: &Image| keys::image_place(image.created_at, image.id());
        list.page(&self.dynamo, &self.cursors, (now, page), place, |row| {
            Ok(Some(row))
        })
        .await
    }
}

/// The row of an image in the list of all.
pub(crate) fn row(image: &Image) -> Item<&Image> {
    let key = keys::image_row(image.created_at, image.id());
    Item::new(key, EntityType::ImageRow, image)
}

/// Where else something of an image has to be.
pub(crate) fn places(image: &Image) -> Vec<Key> {
    let mut places = claims::names(image);
    places.push(row(image).key());
    places
}
