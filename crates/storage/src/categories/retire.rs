//! Categories that go: what is left of them takes their place in the tree.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    act::Act,
    categories::{Category, Fate, Retired, Seen},
    error::CategoryUse,
    operations::Operation,
    posts::Commit,
    values::CategoryId,
};

use super::{Refusal, TreeVersion, settle};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{EntityType, Item, encode},
    keys::{self, PublicPartition, Subject, Table},
    operations, succession,
    unit_of_work::{Condition, UnitOfWork},
};

pub(super) async fn holds_posts(dynamo: &Dynamo, lists: &[CategoryId]) -> Result<bool> {
    for list in lists {
        let first = Stretch {
            index: None,
            pk: PublicPartition::Category(*list).pk(),
            range: Range::Below(keys::end_of_list()),
            limit: 1,
            consistency: Consistency::Strong,
        };
        if !dynamo.query(Table::Posts, first).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn retire(
    dynamo: &Dynamo,
    act: &Act,
    seen: Seen,
    (before, after): (&Category, &Retired),
    operation: Option<&Operation>,
) -> Result<Commit> {
    let mut change = UnitOfWork::new(dynamo, act, Subject::Category(after.id));
    TreeVersion::count_retirement(&mut change, seen, Refusal::Stale)?;
    change.put(Table::Taxonomy, encode(node(after))?)?;
    if after.fate == Fate::Deleted {
        change.remove(Table::Taxonomy, keys::category_slug(&before.slug))?;
        let empty = Condition::new(
            "attribute_not_exists(pk) OR posts <= :none",
            [(":none", AttributeValue::N("0".to_owned()))],
        );
        let count = keys::category_count(after.id);
        let used = Refusal::InUse(CategoryUse::Posts);
        change.require_if(Table::Taxonomy, count, empty, used)?;
    }
    if let Some(operation) = operation {
        operations::queue(&mut change, operation)?;
    }
    settle(change.commit(None).await?)
}

pub(super) async fn take_up(
    dynamo: &Dynamo,
    act: &Act,
    before: &Retired,
    after: &Retired,
    operation: &Operation,
) -> Result<Commit> {
    let change = UnitOfWork::new(dynamo, act, Subject::Category(after.id));
    let Fate::Merged {
        operation: known,
        drained,
        ..
    } = &before.fate
    else {
        return Ok(Commit::Stale);
    };
    succession::take_up(change, encode(node(after))?, (*known, *drained), operation).await
}

pub(super) async fn drained(dynamo: &Dynamo, act: &Act, id: CategoryId) -> Result<()> {
    let change = UnitOfWork::new(dynamo, act, Subject::Category(id));
    match succession::drained(change, keys::category(id)).await? {
        Commit::Done => Ok(()),
        Commit::Stale => Err(Error::Contended),
    }
}

fn node(retired: &Retired) -> Item<&Retired> {
    Item::new(
        keys::category(retired.id),
        EntityType::RetiredCategory,
        retired,
    )
}
