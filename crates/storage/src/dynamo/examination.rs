//! Reading whole tables. No request does: it costs what the table holds.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use tintero_domain::Result;

use super::Dynamo;
use crate::{
    cost::{Direction, note},
    error::unavailable,
    item::Attributes,
    keys::Table,
};

impl Dynamo {
    /// Reads the next items of a whole table, and where to go on. For examinations only.
    pub(crate) async fn scan(
        &self,
        table: Table,
        start: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        let answer = self
            .client
            .scan()
            .table_name(self.table(table))
            .set_exclusive_start_key(start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }
}
