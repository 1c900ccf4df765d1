//! Bylines: one partition, sorted by creation time.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    bylines::{Byline, BylineStore},
    error::Unique,
    page::{Page, PageRequest},
    values::{BylineId, Code, Slug, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, encode},
    keys::{self, AuditSubject, Table},
    paging::ListQuery,
    slugs::{SlugCache, SlugRecord},
    unit_of_work::{Condition, FailedCondition, UnitOfWork},
};

/// Stores bylines in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoBylineStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
    slugs: SlugCache,
}

/// The meaning of a failed condition.
#[derive(PartialEq, Eq)]
enum BylineRefusal {
    /// The byline has another version.
    Stale,
    /// The slug belongs to another byline.
    Taken,
    /// The image does not exist.
    NoImage,
}

impl DynamoBylineStore {
    /// A store that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self {
            slugs: SlugCache::new(dynamo.clone()),
            dynamo,
            cursors,
        }
    }
}

#[async_trait]
impl BylineStore for DynamoBylineStore {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Byline>> {
        let top = keys::end_of_references();
        let list = ListQuery::of(Table::Identity, keys::bylines(), top);
        let sort_key = |byline: &Byline| keys::byline_sort_key(byline.id);
        list.page(&self.dynamo, &self.cursors, (now, page), sort_key, |row| {
            Ok(Some(row))
        })
        .await
    }

    async fn find(&self, id: BylineId) -> Result<Option<Byline>> {
        self.dynamo
            .find(Table::Identity, keys::byline(id), Consistency::Strong)
            .await
    }

    async fn find_many(&self, ids: &BTreeSet<BylineId>) -> Result<Vec<Byline>> {
        let keys = ids.iter().copied().map(keys::byline).collect();
        self.dynamo
            .find_many(Table::Identity, keys, Consistency::Eventual)
            .await
    }

    async fn find_id(&self, slug: &Slug) -> Result<Option<BylineId>> {
        let id = self
            .slugs
            .id(Table::Identity, keys::byline_slug(slug))
            .await?;
        Ok(id.map(BylineId::new))
    }

    async fn write(
        &self,
        context: &WriteContext,
        before: Option<&Byline>,
        after: &Byline,
    ) -> Result<WriteOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Byline(after.id));
        let item = encode(Item::new(keys::byline(after.id), EntityType::Byline, after))?;
        match before {
            None => change.insert(Table::Identity, item, BylineRefusal::Stale)?,
            Some(before) => {
                let version = AttributeValue::N(before.version.to_string());
                let unchanged = Condition::new("version = :version", [(":version", version)]);
                change.put_if(Table::Identity, item, unchanged, BylineRefusal::Stale)?;
            }
        }
        if before.is_none_or(|before| before.slug != after.slug) {
            let claim = |slug: &Slug, record: SlugRecord| {
                let key = keys::byline_slug(slug);
                encode(Item::new(key, EntityType::BylineSlug, record))
            };
            let id = after.id.uuid();
            let item = claim(&after.slug, SlugRecord::current(id))?;
            change.put_if(Table::Identity, item, is_free(), BylineRefusal::Taken)?;
            if let Some(before) = before {
                let item = claim(&before.slug, SlugRecord::former(id))?;
                change.put(Table::Identity, item)?;
            }
        }
        if let Some(image) = after
            .image_id
            .filter(|id| before.and_then(|before| before.image_id) != Some(*id))
        {
            change.require(Table::Images, keys::image(image), BylineRefusal::NoImage)?;
        }
        let outcome = change.commit().await?;
        self.slugs.forget(&keys::byline_slug(&after.slug)).await;
        outcome.or_explain(|refused| explain(after, &refused))
    }
}

/// The condition that no byline has the slug. A byline may have had it.
fn is_free() -> Condition {
    Condition::new(
        "attribute_not_exists(pk) OR former = :former",
        [(":former", AttributeValue::Bool(true))],
    )
}

fn explain(after: &Byline, failed: &[FailedCondition<BylineRefusal>]) -> Result<WriteOutcome> {
    let failed = |refusal| failed.iter().any(|failed| failed.refusal == refusal);
    if failed(BylineRefusal::Stale) {
        Ok(WriteOutcome::Conflict)
    } else if failed(BylineRefusal::Taken) {
        Err(Error::Taken {
            unique: Unique::BylineSlug(after.slug.clone()),
            holder: None,
        })
    } else {
        Err(FieldErrors::one("/image_id", Code::UnknownReference, "does not exist").into())
    }
}
