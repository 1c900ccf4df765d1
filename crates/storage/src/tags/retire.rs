//! Tags that go: what is left of them lies beside the categories, and their counters say so.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    act::Act,
    categories::Seen,
    operations::Operation,
    posts::Commit,
    tags::{Alias, Succession},
    values::Tag,
};

use crate::{
    categories::TreeVersion,
    dynamo::Dynamo,
    item::{EntityType, Item, encode},
    keys::{self, Subject, Table},
    operations, succession,
    unit_of_work::{Condition, UnitOfWork},
};

pub(super) async fn retire(
    dynamo: &Dynamo,
    act: &Act,
    seen: Seen,
    goes: &Succession,
    operation: &Operation,
) -> Result<Commit> {
    let (from, into) = (goes.alias.tag.folded(), goes.alias.into.folded());
    let mut change = UnitOfWork::new(dynamo, act, Subject::Tag(from.clone()));
    TreeVersion::count_retirement(&mut change, seen, ())?;
    change.put(Table::Taxonomy, encode(item(&goes.alias))?)?;
    // From here on no post comes into its list.
    let (table, count) = (Table::Taxonomy, keys::tag_count(&from));
    let mark = (EntityType::TagCount, true);
    change.mark_if(table, count, mark, still_counts(goes.was_counted), ())?;
    let (count, as_seen) = (keys::tag_count(&into), still_counts(goes.is_counted));
    if goes.comes_back {
        let none_left = Condition::new("drained = :yes", [(":yes", AttributeValue::Bool(true))]);
        change.remove_if(table, keys::retired_tag(&into), none_left, ())?;
        let unmark = (EntityType::TagCount, false);
        change.mark_if(table, count, unmark, as_seen, ())?;
    } else {
        change.require_if(table, count, as_seen, ())?;
    }
    operations::queue(&mut change, operation)?;
    succession::settle(change).await
}

pub(super) async fn take_up(
    dynamo: &Dynamo,
    act: &Act,
    before: &Alias,
    after: &Alias,
    operation: &Operation,
) -> Result<Commit> {
    let change = UnitOfWork::new(dynamo, act, Subject::Tag(after.tag.folded()));
    let left = encode(item(after))?;
    succession::take_up(change, left, (before.operation, before.drained), operation).await
}

pub(super) async fn drained(dynamo: &Dynamo, act: &Act, tag: &Tag) -> Result<()> {
    let folded = tag.folded();
    let change = UnitOfWork::new(dynamo, act, Subject::Tag(folded.clone()));
    // Where nothing is left of it, it came back, and that it did only once it had been drained.
    succession::drained(change, keys::retired_tag(&folded))
        .await
        .map(drop)
}

/// The counter says still that posts have the tag, or still that none has.
fn still_counts(posts: bool) -> Condition {
    let none = [(":none", AttributeValue::N("0".to_owned()))];
    if posts {
        Condition::new("posts > :none", none)
    } else {
        Condition::new("attribute_not_exists(pk) OR posts <= :none", none)
    }
}

fn item(alias: &Alias) -> Item<&Alias> {
    let key = keys::retired_tag(&alias.tag.folded());
    Item::new(key, EntityType::RetiredTag, alias)
}
