//! Operations in DynamoDB. Each write of a runner requires the fence of its lease.

mod record;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    lease::Lease,
    operations::{ItemFailure, Operation, OperationOutcome, OperationStore},
    page::{Page, PageRequest},
    values::{OperationId, Timestamp},
    writes::WriteContext,
};

use self::record::OperationRecord;
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    paging::ListQuery,
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// Maximum number of unfinished operations per poll, oldest first.
const MAX_UNFINISHED: usize = 100;

/// Stores operations in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoOperationStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

/// Adds an operation to the transaction of its first effect.
pub(crate) fn queue<R>(change: &mut UnitOfWork<'_, R>, operation: &Operation) -> Result<()> {
    let record = OperationRecord::from(operation);
    let item = Item::new(keys::operation(operation.id), EntityType::Operation, record);
    change.put(Table::Operations, encode(item)?)?;
    change.put(Table::Operations, unfinished_marker(operation.id)?)
}

/// The item by which runners find an unfinished operation.
pub(crate) fn unfinished_marker(id: OperationId) -> Result<Attributes> {
    let key = keys::unfinished_operation(id);
    encode(Item::new(key, EntityType::UnfinishedOperation, ()))
}

impl DynamoOperationStore {
    /// Creates a store on the tables of `dynamo`. `cursors` signs the cursors of its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }

    /// Updates an operation. A failed condition means that the lease was lost.
    async fn update(
        &self,
        context: &WriteContext,
        id: OperationId,
        expression: &str,
        condition: Condition,
        finished: bool,
    ) -> Result<()> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Operation(id));
        let key = keys::operation(id);
        change.update_if(Table::Operations, key, expression, condition, ())?;
        if finished {
            change.remove(Table::Operations, keys::unfinished_operation(id))?;
        }
        match change.commit().await? {
            TransactionOutcome::Committed => Ok(()),
            TransactionOutcome::Refused(refused) => {
                // The update may have succeeded in an earlier attempt whose response was lost.
                let was_applied = refused.iter().any(|refused| {
                    let item = refused.item.as_ref();
                    item.and_then(|item| item.get("act")) == Some(&text(context.id))
                });
                if was_applied {
                    Ok(())
                } else {
                    Err(Error::LeaseLost)
                }
            }
        }
    }
}

#[async_trait]
impl OperationStore for DynamoOperationStore {
    async fn insert(&self, context: &WriteContext, operation: &Operation) -> Result<()> {
        let subject = AuditSubject::Operation(operation.id);
        let mut change = UnitOfWork::<()>::new(&self.dynamo, context, subject);
        queue(&mut change, operation)?;
        // It has no condition.
        change.commit().await.map(drop)
    }

    async fn find(&self, id: OperationId, now: Timestamp) -> Result<Option<Operation>> {
        let item: Option<Item<OperationRecord>> = self
            .dynamo
            .get(Table::Operations, keys::operation(id), Consistency::Strong)
            .await?;
        Ok(item.and_then(|item| item.body.operation(now)))
    }

    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Operation>> {
        let list = ListQuery::of(
            Table::Operations,
            keys::operations(),
            keys::end_of_operations(),
        );
        let place = |record: &OperationRecord| keys::operation_sort_key(record.id);
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        let show = |record: OperationRecord| Ok(record.operation(now));
        list.page(dynamo, cursors, (now, page), place, show).await
    }

    async fn unfinished(&self) -> Result<Vec<OperationId>> {
        let query = RangeQuery {
            index: None,
            pk: keys::unfinished_operations(),
            range: KeyRange::Below(keys::end_of_operations()),
            limit: MAX_UNFINISHED,
            consistency: Consistency::Eventual,
        };
        let markers = self.dynamo.query(Table::Operations, query).await?;
        let ids = markers.into_iter().rev();
        ids.filter_map(|marker| match decode::<Item<()>>(marker) {
            Ok(marker) => keys::parse_unfinished(&marker.sk).map(Ok),
            Err(error) => Some(Err(error)),
        })
        .collect()
    }

    async fn acquire(
        &self,
        context: &WriteContext,
        operation: &Operation,
        lease: &Lease,
    ) -> Result<()> {
        let condition = Condition::new(
            "fence = :seen AND attribute_not_exists(outcome)",
            [
                (":seen", number(operation.fence)),
                (":fence", number(lease.fence)),
                (":holder", text(lease.holder)),
                (":until", text(context.at.after(Lease::LENGTH))),
                (":now", text(context.at)),
                (":act", text(context.id)),
            ],
        );
        let expression = "SET fence = :fence, lease_holder = :holder, lease_until = :until, \
                          updated_at = :now, act = :act";
        self.update(context, operation.id, expression, condition, false)
            .await
    }

    async fn advance(
        &self,
        context: &WriteContext,
        lease: &Lease,
        position: Option<&str>,
        failures: &[ItemFailure],
    ) -> Result<()> {
        let mut values = vec![
            (":fence", number(lease.fence)),
            (":until", text(context.at.after(Lease::LENGTH))),
            (":now", text(context.at)),
            (":act", text(context.id)),
            (":failures", encoded(failures)?),
        ];
        let set = "SET lease_until = :until, updated_at = :now, act = :act, failures = :failures";
        let expression = match position {
            Some(place) => {
                values.push((":place", text(place)));
                format!("{set}, place = :place")
            }
            None => format!("{set} REMOVE place"),
        };
        let condition = Condition::new(AT_FENCE, values);
        self.update(context, lease.operation, &expression, condition, false)
            .await
    }

    async fn finish(
        &self,
        context: &WriteContext,
        lease: &Lease,
        outcome: OperationOutcome,
        failures: &[ItemFailure],
    ) -> Result<()> {
        let expires_at = context.at.after(Operation::RETENTION).as_seconds();
        let condition = Condition::new(
            AT_FENCE,
            [
                (":fence", number(lease.fence)),
                (":outcome", encoded(outcome)?),
                (":now", text(context.at)),
                (":act", text(context.id)),
                (":failures", encoded(failures)?),
                (":end", AttributeValue::N(expires_at.to_string())),
            ],
        );
        let expression = "SET outcome = :outcome, finished_at = :now, updated_at = :now, \
                          act = :act, failures = :failures, expires_at = :end \
                          REMOVE lease_holder, lease_until";
        self.update(context, lease.operation, expression, condition, true)
            .await
    }

    async fn request_cancellation(&self, context: &WriteContext, id: OperationId) -> Result<()> {
        let condition = Condition::new(
            "attribute_exists(pk) AND attribute_not_exists(outcome)",
            [(":yes", AttributeValue::Bool(true))],
        );
        let expression = "SET stop_wanted = :yes";
        match self.update(context, id, expression, condition, false).await {
            // The operation has finished meanwhile.
            Err(Error::LeaseLost) => Ok(()),
            outcome => outcome,
        }
    }
}

/// Condition: the lease is the last one granted, and the operation is not finished.
pub(crate) const AT_FENCE: &str = "fence = :fence AND attribute_not_exists(outcome)";

fn number(n: u64) -> AttributeValue {
    AttributeValue::N(n.to_string())
}

fn text(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

fn encoded(value: impl serde::Serialize) -> Result<AttributeValue> {
    serde_dynamo::to_attribute_value(value).map_err(|source| Error::Corrupt {
        what: "operation to be written".to_owned(),
        source: Box::new(source),
    })
}
