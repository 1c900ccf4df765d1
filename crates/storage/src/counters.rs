//! Counters: how many posts are in a list.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    values::{BylineId, CategoryId, PostId},
};

use crate::{
    item::EntityType,
    keys::{self, ItemKey, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Adds to a counter and creates it if it does not exist.
const COUNT: &str = "SET et = :et, sv = :sv ADD posts :by";
/// Marks the counter of a retired tag.
const MARK: &str = "SET et = :et, sv = :sv, retired = :yes ADD posts :by";
const UNMARK: &str = "SET et = :et, sv = :sv REMOVE retired ADD posts :by";

/// A counter.
pub(crate) struct Counter {
    table: Table,
    key: ItemKey,
    entity: EntityType,
}

impl Counter {
    /// Published posts of a category.
    pub(crate) fn category(id: CategoryId) -> Self {
        Self::taxonomy(keys::category_count(id))
    }

    /// Published posts with a tag, in lower case.
    pub(crate) fn tag(folded: &str) -> Self {
        Self::taxonomy(keys::tag_count(folded))
    }

    /// Published posts of a byline.
    pub(crate) fn byline(id: BylineId) -> Self {
        Self::taxonomy(keys::byline_count(id))
    }

    /// The counter of a category, a tag or a byline with this key.
    pub(crate) fn taxonomy(key: ItemKey) -> Self {
        let entity = if keys::counted_category(&key.sk).is_some() {
            EntityType::CategoryCount
        } else if keys::counted_byline(&key.sk).is_some() {
            EntityType::BylineCount
        } else {
            EntityType::TagCount
        };
        Self {
            table: Table::Taxonomy,
            key,
            entity,
        }
    }

    /// Translations of a post.
    pub(crate) fn translations(of: PostId) -> Self {
        Self {
            table: Table::Posts,
            key: keys::translation_count(of),
            entity: EntityType::TranslationCount,
        }
    }
}

impl<R> UnitOfWork<'_, R> {
    /// Adds to a counter.
    pub(crate) fn count(&mut self, counter: Counter, by: i64) -> Result<()> {
        let values = values(counter.entity, by)?;
        self.update(counter.table, counter.key, COUNT, values)
    }

    /// Adds to a counter that meets a condition.
    pub(crate) fn count_if(
        &mut self,
        counter: Counter,
        by: i64,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let condition = condition.with(values(counter.entity, by)?);
        self.update_if(counter.table, counter.key, COUNT, condition, refusal)
    }

    /// Sets or removes the mark of a retired tag on a counter that meets a condition.
    pub(crate) fn mark_if(
        &mut self,
        counter: Counter,
        retired: bool,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let yes = retired.then_some((":yes", AttributeValue::Bool(true)));
        let condition = condition.with(values(counter.entity, 0)?).with(yes);
        let expression = if retired { MARK } else { UNMARK };
        self.update_if(counter.table, counter.key, expression, condition, refusal)
    }
}

fn values(entity: EntityType, by: i64) -> Result<[(&'static str, AttributeValue); 3]> {
    Ok([
        (":et", entity.attribute()?),
        (":sv", AttributeValue::N("1".to_owned())),
        (":by", AttributeValue::N(by.to_string())),
    ])
}
