//! The requests to DynamoDB that the stores need. Each call records its cost.

mod batches;
mod public_writes;
mod reads;
mod single_writes;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsInput},
    types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, TransactWriteItem},
};
use tintero_domain::freshness::PublicWrites;
use uuid::Uuid;

pub(crate) use self::reads::{Consistency, KeyRange, RangeQuery};
use crate::{
    client::{Connection, SendCounter},
    cost::{Direction, note},
    item::Attributes,
    keys::{ItemKey, Table},
};

/// A client and the prefix of the tables of this installation.
#[derive(Debug, Clone)]
pub struct Dynamo {
    connection: Connection,
    prefix: String,
    public_writes: PublicWrites,
}

impl Dynamo {
    /// A client for the tables `<prefix>-…`.
    #[must_use]
    pub fn new(connection: impl Into<Connection>, prefix: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            prefix: prefix.into(),
            public_writes: PublicWrites::default(),
        }
    }

    /// The full name of a table.
    pub(crate) fn table(&self, table: Table) -> String {
        format!("{}-{}", self.prefix, table.name())
    }

    /// Applies all changes or none. DynamoDB applies a transaction with the same `token` once. `sendings` counts every
    /// attempt of the SDK.
    pub(crate) async fn transact(
        &self,
        items: Vec<TransactWriteItem>,
        token: Uuid,
        sendings: &SendCounter,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let _counted = self.counted(&items);
        let request = TransactWriteItemsInput::builder()
            .set_transact_items(Some(items))
            .client_request_token(token)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = sendings.counting(self.connection.send(request)).await;
        let consumed: &[ConsumedCapacity] = match &answer {
            Ok(answer) => answer.consumed_capacity(),
            Err(_) => &[],
        };
        note(Direction::Write, consumed);
        answer.map(drop)
    }
}

/// The values of an expression. DynamoDB rejects an empty map.
pub(crate) fn named(
    values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
) -> Option<Attributes> {
    let values = values.into_iter();
    let values: Attributes = values
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    (!values.is_empty()).then_some(values)
}

/// The key attributes of an item.
pub(crate) fn attributes(key: ItemKey) -> Attributes {
    [
        ("pk".to_owned(), AttributeValue::S(key.pk)),
        ("sk".to_owned(), AttributeValue::S(key.sk)),
    ]
    .into()
}
