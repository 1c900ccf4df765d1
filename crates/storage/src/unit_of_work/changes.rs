use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use tintero_domain::{Error, Result};

use super::{Condition, UnitOfWork};
use crate::{
    dynamo::attributes,
    item::{Attributes, EntityType},
    keys::{Key, Table},
};

impl<R> UnitOfWork<'_, R> {
    pub(super) fn push(&mut self, item: TransactWriteItem, refusal: Option<R>) {
        self.items.push(item);
        self.refusals.push(refusal);
    }

    /// Writes an item whatever was there.
    pub(crate) fn put(&mut self, table: Table, item: Attributes) -> Result<()> {
        self.put_when(table, item, None)
    }

    /// Writes an item that must not exist.
    pub(crate) fn insert(&mut self, table: Table, item: Attributes, refusal: R) -> Result<()> {
        self.put_when(table, item, Some((Condition::ABSENT, refusal)))
    }

    /// Writes an item when what is there meets a condition.
    pub(crate) fn put_if(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        self.put_when(table, item, Some((condition, refusal)))
    }

    fn put_when(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Option<(Condition, R)>,
    ) -> Result<()> {
        let mut put = Put::builder()
            .table_name(self.dynamo.table(table))
            .set_item(Some(item));
        let refusal = condition.map(|(condition, refusal)| {
            put = std::mem::take(&mut put)
                .condition_expression(condition.expression)
                .set_expression_attribute_values(values(condition.values))
                .return_values_on_condition_check_failure(
                    ReturnValuesOnConditionCheckFailure::AllOld,
                );
            refusal
        });
        let put = put.build().map_err(incomplete)?;
        self.push(TransactWriteItem::builder().put(put).build(), refusal);
        Ok(())
    }

    /// Changes attributes of an item when what is there meets a condition.
    pub(crate) fn update_if(
        &mut self,
        table: Table,
        key: Key,
        expression: &str,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let update = Update::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .condition_expression(condition.expression)
            .set_expression_attribute_values(values(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().update(update).build(),
            Some(refusal),
        );
        Ok(())
    }

    /// Adds to a counter, which begins at nothing.
    pub(crate) fn count(
        &mut self,
        table: Table,
        key: Key,
        entity: EntityType,
        by: i64,
    ) -> Result<()> {
        let update = Update::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(COUNT)
            .set_expression_attribute_values(values(counting(entity, by)?.into()))
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().update(update).build(), None);
        Ok(())
    }

    /// The same when what is there meets a condition.
    pub(crate) fn count_if(
        &mut self,
        table: Table,
        key: Key,
        (entity, by): (EntityType, i64),
        mut condition: Condition,
        refusal: R,
    ) -> Result<()> {
        condition.values.extend(counting(entity, by)?);
        self.update_if(table, key, COUNT, condition, refusal)
    }

    /// The same, and lets the counter say whether its list is that of something that went.
    pub(crate) fn mark_if(
        &mut self,
        table: Table,
        key: Key,
        (entity, went): (EntityType, bool),
        mut condition: Condition,
        refusal: R,
    ) -> Result<()> {
        condition.values.extend(counting(entity, 0)?);
        if !went {
            return self.update_if(table, key, UNMARK, condition, refusal);
        }
        let yes = AttributeValue::Bool(true);
        condition.values.push((":yes", yes));
        self.update_if(table, key, MARK, condition, refusal)
    }

    /// Removes an item, if it is there.
    pub(crate) fn remove(&mut self, table: Table, key: Key) -> Result<()> {
        let delete = Delete::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().delete(delete).build(), None);
        Ok(())
    }

    /// Removes an item when what is there meets a condition.
    pub(crate) fn remove_if(
        &mut self,
        table: Table,
        key: Key,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let delete = Delete::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(values(condition.values))
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().delete(delete).build(),
            Some(refusal),
        );
        Ok(())
    }

    /// Demands that an item is there.
    pub(crate) fn require(&mut self, table: Table, key: Key, refusal: R) -> Result<()> {
        self.require_if(table, key, Condition::PRESENT, refusal)
    }

    /// Demands that an item meets a condition.
    pub(crate) fn require_if(
        &mut self,
        table: Table,
        key: Key,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let check = ConditionCheck::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(values(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().condition_check(check).build(),
            Some(refusal),
        );
        Ok(())
    }
}

/// Adds to a counter, which may not be there yet.
const COUNT: &str = "SET et = :et, sv = :sv ADD posts :by";
/// Marks it, too: its list is that of something that went.
const MARK: &str = "SET et = :et, sv = :sv, retired = :yes ADD posts :by";
/// Takes the mark away.
const UNMARK: &str = "SET et = :et, sv = :sv REMOVE retired ADD posts :by";

/// The values of these expressions.
fn counting(entity: EntityType, by: i64) -> Result<[(&'static str, AttributeValue); 3]> {
    Ok([
        (":et", entity.attribute()?),
        (":sv", AttributeValue::N("1".to_owned())),
        (":by", AttributeValue::N(by.to_string())),
    ])
}

fn values(values: Vec<(&'static str, AttributeValue)>) -> Option<Attributes> {
    // DynamoDB refuses an empty map of values.
    (!values.is_empty()).then(|| {
        values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

pub(super) fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    unwritable(error)
}

fn unwritable(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Corrupt {
        what: "transaction to be written".to_owned(),
        source: Box::new(source),
    }
}
