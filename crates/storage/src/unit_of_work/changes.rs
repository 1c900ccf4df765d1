use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use tintero_domain::{Error, Result};

use super::{Condition, UnitOfWork};
use crate::{
    dynamo::{attributes, named},
    item::Attributes,
    keys::{ItemKey, Table},
};

const ALL_OLD: ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure::AllOld;

/// The value of a condition or update expression.
type NamedValue = (&'static str, AttributeValue);

impl<R> UnitOfWork<'_, R> {
    fn push(&mut self, item: TransactWriteItem, refusal: Option<R>) {
        self.items.push(item);
        self.refusals.push(refusal);
    }

    /// Writes an item and overwrites an existing one.
    pub(crate) fn put(&mut self, table: Table, item: Attributes) -> Result<()> {
        self.put_when(table, item, None, None)
    }

    /// Writes an item that does not exist.
    pub(crate) fn insert(&mut self, table: Table, item: Attributes, refusal: R) -> Result<()> {
        self.put_when(table, item, Some(Condition::ABSENT), Some(refusal))
    }

    /// Writes an item if the stored item meets a condition.
    pub(crate) fn put_if(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        self.put_when(table, item, Some(condition), Some(refusal))
    }

    pub(super) fn put_when(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Option<Condition>,
        refusal: Option<R>,
    ) -> Result<()> {
        let returned = condition.as_ref().map(|_| ALL_OLD);
        let (expression, values) = parts(condition);
        let put = Put::builder()
            .table_name(self.dynamo.table(table))
            .set_item(Some(item))
            .set_condition_expression(expression)
            .set_expression_attribute_values(values)
            .set_return_values_on_condition_check_failure(returned)
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().put(put).build(), refusal);
        Ok(())
    }

    /// Changes attributes of an item.
    pub(crate) fn update(
        &mut self,
        table: Table,
        key: ItemKey,
        expression: &str,
        values: impl IntoIterator<Item = NamedValue>,
    ) -> Result<()> {
        let condition = Condition {
            expression: "",
            values: values.into_iter().collect(),
        };
        self.update_when(table, key, expression, condition, None)
    }

    /// Changes attributes of an item that meets a condition.
    pub(crate) fn update_if(
        &mut self,
        table: Table,
        key: ItemKey,
        expression: &str,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        self.update_when(table, key, expression, condition, Some(refusal))
    }

    pub(super) fn update_when(
        &mut self,
        table: Table,
        key: ItemKey,
        expression: &str,
        condition: Condition,
        refusal: Option<R>,
    ) -> Result<()> {
        let is_conditional = !condition.expression.is_empty();
        let update = Update::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .set_condition_expression(is_conditional.then(|| condition.expression.to_owned()))
            .set_expression_attribute_values(named(condition.values))
            .set_return_values_on_condition_check_failure(is_conditional.then_some(ALL_OLD))
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().update(update).build(), refusal);
        Ok(())
    }

    /// Deletes an item if it exists.
    pub(crate) fn remove(&mut self, table: Table, key: ItemKey) -> Result<()> {
        self.remove_when(table, key, None, None)
    }

    /// Deletes an item that meets a condition.
    pub(crate) fn remove_if(
        &mut self,
        table: Table,
        key: ItemKey,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        self.remove_when(table, key, Some(condition), Some(refusal))
    }

    fn remove_when(
        &mut self,
        table: Table,
        key: ItemKey,
        condition: Option<Condition>,
        refusal: Option<R>,
    ) -> Result<()> {
        let returned = condition.as_ref().map(|_| ALL_OLD);
        let (expression, values) = parts(condition);
        let delete = Delete::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .set_condition_expression(expression)
            .set_expression_attribute_values(values)
            .set_return_values_on_condition_check_failure(returned)
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().delete(delete).build(), refusal);
        Ok(())
    }

    /// Requires that an item exists.
    pub(crate) fn require(&mut self, table: Table, key: ItemKey, refusal: R) -> Result<()> {
        self.require_if(table, key, Condition::PRESENT, refusal)
    }

    /// Requires that an item meets a condition.
    pub(crate) fn require_if(
        &mut self,
        table: Table,
        key: ItemKey,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let check = ConditionCheck::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(named(condition.values))
            .return_values_on_condition_check_failure(ALL_OLD)
            .build()
            .map_err(incomplete)?;
        let item = TransactWriteItem::builder().condition_check(check).build();
        self.push(item, Some(refusal));
        Ok(())
    }
}

fn parts(condition: Option<Condition>) -> (Option<String>, Option<Attributes>) {
    condition.map_or((None, None), |condition| {
        let expression = condition.expression.to_owned();
        (Some(expression), named(condition.values))
    })
}

fn incomplete(source: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Corrupt {
        what: "change of a transaction".to_owned(),
        source: Box::new(source),
    }
}
