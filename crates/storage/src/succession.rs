//! What is left of a category or of a tag, while its posts are moved.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{Error, Result, operations::Operation, posts::Commit, values::OperationId};

use crate::{
    item::Attributes,
    keys::{Key, Table},
    operations,
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

/// Lets another operation move the posts: `left` is what is left from now on, provided that what was
/// seen is still so: which operation does, and whether the list is empty.
pub(crate) async fn take_up(
    mut change: UnitOfWork<'_, ()>,
    left: Attributes,
    (known, drained): (OperationId, bool),
    operation: &Operation,
) -> Result<Commit> {
    let unchanged = Condition::new(
        "operation = :known AND drained = :drained",
        [
            (":known", AttributeValue::S(known.to_string())),
            (":drained", AttributeValue::Bool(drained)),
        ],
    );
    change.put_if(Table::Taxonomy, left, unchanged, ())?;
    operations::queue(&mut change, operation)?;
    settle(change).await
}

/// Notes that no post lies in the list any more; stale when nothing is left there.
pub(crate) async fn drained(mut change: UnitOfWork<'_, ()>, left: Key) -> Result<Commit> {
    let went = Condition::new(
        "attribute_exists(retired_at)",
        [(":yes", AttributeValue::Bool(true))],
    );
    let expression = "SET drained = :yes";
    change.update_if(Table::Taxonomy, left, expression, went, ())?;
    settle(change).await
}

/// Every refusal means that what was seen is not so any more.
pub(crate) async fn settle(change: UnitOfWork<'_, ()>) -> Result<Commit> {
    match change.commit(None).await? {
        Outcome::Done => Ok(Commit::Done),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(_) => Ok(Commit::Stale),
    }
}
