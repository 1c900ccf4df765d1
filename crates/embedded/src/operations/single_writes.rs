use super::ExecuteWrite;
use super::body::ResponseBody;
use super::capacity::CapacityAxis;
use super::item_write::{Change, Expressions, ItemWrite, NewItem};
use crate::api_error::RequestError;
use crate::requests::{
    DeleteItemRequest, PutItemRequest, ReturnConsumedCapacity, ReturnValues, UpdateItemRequest,
};
use crate::store::{RequestFailure, SqlSession};

/// `PutItem`, `UpdateItem` and `DeleteItem`.
pub(super) struct SingleWrite {
    write: ItemWrite,
    returned: ReturnValues,
    capacity: ReturnConsumedCapacity,
}

impl SingleWrite {
    pub(super) fn put(request: PutItemRequest) -> Result<Self, RequestError> {
        let expressions = Expressions {
            condition: request.condition_expression,
            names: request.expression_attribute_names,
            values: request.expression_attribute_values,
        };
        let condition = expressions.parse()?;
        Ok(Self {
            write: ItemWrite {
                table: request.table_name,
                change: Change::Put(NewItem::new(request.item)?),
                condition,
                on_failure: request.return_values_on_condition_check_failure,
            },
            returned: request.return_values.into(),
            capacity: request.return_consumed_capacity,
        })
    }

    pub(super) fn update(request: UpdateItemRequest) -> Result<Self, RequestError> {
        let text = request.update_expression.ok_or_else(|| {
            RequestError::validation(
                "the embedded engine does not support UpdateItem without UpdateExpression",
            )
        })?;
        let expressions = Expressions {
            condition: request.condition_expression,
            names: request.expression_attribute_names,
            values: request.expression_attribute_values,
        };
        let (update, condition) = expressions.parse_update(&text)?;
        Ok(Self {
            write: ItemWrite {
                table: request.table_name,
                change: Change::Update {
                    key: request.key,
                    update,
                },
                condition,
                on_failure: request.return_values_on_condition_check_failure,
            },
            returned: request.return_values,
            capacity: request.return_consumed_capacity,
        })
    }

    pub(super) fn delete(request: DeleteItemRequest) -> Result<Self, RequestError> {
        let expressions = Expressions {
            condition: request.condition_expression,
            names: request.expression_attribute_names,
            values: request.expression_attribute_values,
        };
        let condition = expressions.parse()?;
        Ok(Self {
            write: ItemWrite {
                table: request.table_name,
                change: Change::Delete(request.key),
                condition,
                on_failure: request.return_values_on_condition_check_failure,
            },
            returned: request.return_values.into(),
            capacity: request.return_consumed_capacity,
        })
    }
}

impl ExecuteWrite for SingleWrite {
    fn run(self: Box<Self>, session: &SqlSession) -> Result<String, RequestFailure> {
        let target = self.write.target(session)?;
        let prepared = self.write.prepare(session, target)?;
        let units = prepared.apply(session)?;
        let mut body = ResponseBody::new();
        let old = prepared.old.as_ref().map(|old| &old.stored);
        let returned = match self.returned {
            ReturnValues::AllOld => old,
            ReturnValues::AllNew => prepared.new_item(),
            ReturnValues::None => None,
        };
        if let Some(item) = returned {
            body.json("Attributes", &item.json);
        }
        let consumed = units.consumed(&prepared.table.name, self.capacity, CapacityAxis::Plain);
        body.optional("ConsumedCapacity", consumed.as_ref())?;
        Ok(body.finish())
    }
}
