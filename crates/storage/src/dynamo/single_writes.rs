//! Writes of single items, without a transaction and an audit record.

use aws_sdk_dynamodb::{
    operation::{
        delete_item::{DeleteItemError, DeleteItemInput},
        put_item::{PutItemError, PutItemInput, builders::PutItemInputBuilder},
        update_item::{UpdateItemError, UpdateItemInput, builders::UpdateItemInputBuilder},
    },
    types::{AttributeValue, ReturnConsumedCapacity},
};
use serde::Serialize;
use tintero_domain::{Result, writes::WriteOutcome};
use uuid::Uuid;

use super::{Dynamo, attributes, named};
use crate::{
    cost::{Direction, note},
    error::unavailable,
    item::{Attributes, Item, encode},
    keys::{ItemKey, Table},
};

impl Dynamo {
    /// Inserts an item with a new key, which no other writer uses.
    pub(crate) async fn insert(&self, table: Table, item: Attributes) -> Result<()> {
        let put = self.put_item(table, item);
        let put = put.condition_expression("attribute_not_exists(pk)");
        // The key is new, so if it exists, an earlier attempt of the SDK wrote the item.
        self.put_checked(put).await.map(drop)
    }

    /// Overwrites an item of which `before` was the last write, or inserts it. Returns whether the item was
    /// written.
    pub(crate) async fn replace(
        &self,
        table: Table,
        item: Attributes,
        before: Option<Uuid>,
    ) -> Result<bool> {
        let put = self.put_item(table, item);
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("act = :before")
                .expression_attribute_values(":before", AttributeValue::S(before.to_string())),
        };
        self.put_checked(put).await
    }

    /// Overwrites an item. Only for items with a single writer.
    pub(crate) async fn put(&self, table: Table, item: Attributes) -> Result<()> {
        let put = self.put_item(table, item);
        let answer = self.connection.send(put).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Writes an item if the stored one meets a condition.
    ///
    /// If the response of an attempt is lost, the SDK repeats it and the condition fails, so a conflict can
    /// mean that the item was written.
    pub(crate) async fn put_if<T: Serialize>(
        &self,
        table: Table,
        item: Item<T>,
        condition: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<WriteOutcome> {
        let put = self
            .put_item(table, encode(item)?)
            .condition_expression(condition)
            .set_expression_attribute_values(named(values));
        Ok(if self.put_checked(put).await? {
            WriteOutcome::Applied
        } else {
            WriteOutcome::Conflict
        })
    }

    /// Returns whether the stored item met the condition.
    async fn put_checked(&self, put: PutItemInputBuilder) -> Result<bool> {
        let is_refused = PutItemError::is_conditional_check_failed_exception;
        match self.connection.send(put).await {
            Ok(answer) => {
                note(Direction::Write, answer.consumed_capacity.as_slice());
                Ok(true)
            }
            Err(error) if error.as_service_error().is_some_and(is_refused) => Ok(false),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Changes attributes of an item, and creates it if it does not exist.
    pub(crate) async fn update(
        &self,
        table: Table,
        key: ItemKey,
        expression: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<()> {
        let request = self.update_item(table, key, expression, values);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Changes attributes of an item that meets a condition. Returns whether it met the condition. Only for
    /// attributes that no other write depends on.
    pub(crate) async fn update_if(
        &self,
        table: Table,
        key: ItemKey,
        (expression, condition): (&str, &str),
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<bool> {
        let request = self.update_item(table, key, expression, values);
        let request = request.condition_expression(condition);
        let is_refused = UpdateItemError::is_conditional_check_failed_exception;
        match self.connection.send(request).await {
            Ok(answer) => {
                note(Direction::Write, answer.consumed_capacity.as_slice());
                Ok(true)
            }
            Err(error) if error.as_service_error().is_some_and(is_refused) => Ok(false),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Deletes one item without a condition.
    pub(crate) async fn remove(&self, table: Table, key: ItemKey) -> Result<()> {
        let request = DeleteItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Deletes one item if it meets a condition.
    pub(crate) async fn remove_if(
        &self,
        table: Table,
        key: ItemKey,
        condition: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<()> {
        let request = DeleteItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(condition)
            .set_expression_attribute_values(named(values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let is_refused = DeleteItemError::is_conditional_check_failed_exception;
        match self.connection.send(request).await {
            Ok(answer) => {
                note(Direction::Write, answer.consumed_capacity.as_slice());
                Ok(())
            }
            Err(error) if error.as_service_error().is_some_and(is_refused) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    fn put_item(&self, table: Table, item: Attributes) -> PutItemInputBuilder {
        PutItemInput::builder()
            .table_name(self.table(table))
            .set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    fn update_item(
        &self,
        table: Table,
        key: ItemKey,
        expression: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> UpdateItemInputBuilder {
        UpdateItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .set_expression_attribute_values(named(values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }
}
