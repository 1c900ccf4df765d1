//! Bylines in DynamoDB: all of them in one partition, the newest last.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::Act,
    bylines::{Byline, BylineStore},
    error::Unique,
    page::{Page, PageRequest},
    posts::Commit,
    values::{BylineId, Code, Slug, Timestamp},
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    paging::List,
    slugs::{SlugRecord, Slugs},
    unit_of_work::{Condition, Outcome, Refused, UnitOfWork},
};

/// Keeps bylines in DynamoDB.
#[derive(Debug, Clone)]
pub struct Bylines {
    dynamo: Dynamo,
    cursors: CursorKeys,
    slugs: Slugs,
}

/// What refused a change of a byline.
enum Refusal {
    /// It is at another version.
    Stale,
    /// The slug belongs to another byline.
    Taken,
    /// The image does not exist.
    NoImage,
}

impl Bylines {
    /// The store over an installation's tables; `cursors` signs the positions in its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self {
            slugs: Slugs::new(dynamo.clone()),
            dynamo,
            cursors,
        }
    }
}

#[async_trait]
impl BylineStore for Bylines {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Byline>> {
        let top = keys::end_of_references();
        let list = List::of(Table::Identity, keys::bylines(), top);
        let place = |byline: &Byline| keys::byline_place(byline.id);
        list.page(&self.dynamo, &self.cursors, (now, page), place, |row| {
            Ok(Some(row))
        })
        .await
    }

    async fn find(&self, id: BylineId) -> Result<Option<Byline>> {
        let item: Option<Item<Byline>> = self
            .dynamo
            .get(Table::Identity, keys::byline(id), Consistency::Strong)
            .await?;
        Ok(item.map(|item| item.body))
    }

    async fn find_many(&self, ids: &BTreeSet<BylineId>) -> Result<Vec<Byline>> {
        let keys = ids.iter().copied().map(keys::byline).collect();
        let found = self
            .dynamo
            .get_many(Table::Identity, keys, Consistency::Eventual)
            .await?;
        let byline = |item| Ok(decode::<Item<Byline>>(item)?.body);
        found.into_iter().map(byline).collect()
    }

    async fn find_id(&self, slug: &Slug) -> Result<Option<BylineId>> {
        let id = self
            .slugs
            .id(Table::Identity, keys::byline_slug(slug))
            .await?;
        Ok(id.map(BylineId::new))
    }

    async fn write(&self, act: &Act, before: Option<&Byline>, after: &Byline) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Byline(after.id));
        let item = encode(Item::new(keys::byline(after.id), EntityType::Byline, after))?;
        match before {
            None => change.insert(Table::Identity, item, Refusal::Stale)?,
            Some(before) => {
                let version = AttributeValue::N(before.version.to_string());
                let unchanged = Condition::new("version = :version", [(":version", version)]);
                change.put_if(Table::Identity, item, unchanged, Refusal::Stale)?;
            }
        }
        if before.is_none_or(|before| before.slug != after.slug) {
            let record = SlugRecord {
                id: after.id.uuid(),
            };
            let claim = Item::new(
                keys::byline_slug(&after.slug),
                EntityType::BylineSlug,
                record,
            );
            change.insert(Table::Identity, encode(claim)?, Refusal::Taken)?;
            if let Some(before) = before {
                change.remove(Table::Identity, keys::byline_slug(&before.slug))?;
            }
        }
        if let Some(image) = after
            .image_id
            .filter(|id| before.and_then(|before| before.image_id) != Some(*id))
        {
            change.require(Table::Images, keys::image(image), Refusal::NoImage)?;
        }
        match change.commit(None).await? {
            Outcome::Done => Ok(Commit::Done),
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(refused) => settle(after, &refused),
        }
    }
}

fn settle(after: &Byline, refused: &[Refused<Refusal>]) -> Result<Commit> {
    let by = |wanted: fn(&Refusal) -> bool| refused.iter().any(|refused| wanted(&refused.refusal));
    if by(|refusal| matches!(refusal, Refusal::Stale)) {
        Ok(Commit::Stale)
    } else if by(|refusal| matches!(refusal, Refusal::Taken)) {
        Err(Error::Taken {
            unique: Unique::BylineSlug(after.slug.clone()),
            holder: None,
        })
    } else {
        Err(FieldErrors::one("/image_id", Code::UnknownReference, "does not exist").into())
    }
}
