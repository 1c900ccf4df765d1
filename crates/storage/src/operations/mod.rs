//! Long operations in DynamoDB. Whoever works on one names the lease that they were given as a
//! condition of everything that they write.

mod record;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    act::Act,
    operations::{ItemFailure, Lease, Operation, OperationStore, Outcome},
    page::{Page, PageRequest},
    values::{OperationId, Timestamp},
};

use self::record::OperationRecord;
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    paging::List,
    unit_of_work::{Condition, Outcome as Committed, UnitOfWork},
};

/// The most unfinished operations that are looked at in one round. The oldest come first.
const MOST: usize = 100;

/// Keeps operations in DynamoDB.
#[derive(Debug, Clone)]
pub struct Operations {
    dynamo: Dynamo,
    cursors: CursorKeys,
}

/// Adds an operation to the transaction of its first effect.
pub(crate) fn queue<R>(change: &mut UnitOfWork<'_, R>, operation: &Operation) -> Result<()> {
    let record = OperationRecord::from(operation);
    let item = Item::new(keys::operation(operation.id), EntityType::Operation, record);
    change.put(Table::Operations, encode(item)?)?;
    change.put(Table::Operations, note(operation.id)?)
}

/// The note that an operation did not end.
pub(crate) fn note(id: OperationId) -> Result<Attributes> {
    let key = keys::unfinished_operation(id);
    encode(Item::new(key, EntityType::UnfinishedOperation, ()))
}

impl Operations {
    /// The store over an installation's tables; `cursors` signs the positions in its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }

    /// Changes an operation, provided that the condition holds, which is about its lease.
    async fn change(
        &self,
        act: &Act,
        id: OperationId,
        expression: &str,
        condition: Condition,
        ended: bool,
    ) -> Result<()> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Operation(id));
        let key = keys::operation(id);
        change.update_if(Table::Operations, key, expression, condition, ())?;
        if ended {
            change.remove(Table::Operations, keys::unfinished_operation(id))?;
        }
        match change.commit(None).await? {
            Committed::Done => Ok(()),
            Committed::KeyReused => Err(Error::KeyReused),
            Committed::Refused(refused) => {
                // The answer to an earlier attempt may have been lost.
                let own = refused.iter().any(|refused| {
                    let item = refused.item.as_ref();
                    item.and_then(|item| item.get("act")) == Some(&text(act.id))
                });
                if own { Ok(()) } else { Err(Error::LeaseLost) }
            }
        }
    }
}

#[async_trait]
impl OperationStore for Operations {
    async fn find(&self, id: OperationId, now: Timestamp) -> Result<Option<Operation>> {
        let item: Option<Item<OperationRecord>> = self
            .dynamo
            .get(Table::Operations, keys::operation(id), Consistency::Strong)
            .await?;
        Ok(item.and_then(|item| item.body.operation(now)))
    }

    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Operation>> {
        let list = List::of(
            Table::Operations,
            keys::operations(),
            keys::end_of_operations(),
        );
        let place = |record: &OperationRecord| keys::operation_place(record.id);
        let (dynamo, cursors) = (&self.dynamo, &self.cursors);
        let show = |record: OperationRecord| Ok(record.operation(now));
        list.page(dynamo, cursors, (now, page), place, show).await
    }

    async fn unfinished(&self) -> Result<Vec<OperationId>> {
        let stretch = Stretch {
            index: None,
            pk: keys::unfinished_operations(),
            range: Range::Below(keys::end_of_operations()),
            limit: MOST,
            consistency: Consistency::Eventual,
        };
        let notes = self.dynamo.query(Table::Operations, stretch).await?;
        let ids = notes.into_iter().rev();
        ids.filter_map(|note| match decode::<Item<()>>(note) {
            Ok(note) => keys::read_unfinished(&note.sk).map(Ok),
            Err(error) => Some(Err(error)),
        })
        .collect()
    }

    async fn take(&self, act: &Act, operation: &Operation, lease: &Lease) -> Result<()> {
        let condition = Condition::new(
            "fence = :seen AND attribute_not_exists(outcome)",
            [
                (":seen", number(operation.fence)),
                (":fence", number(lease.fence)),
                (":holder", text(lease.holder)),
                (":until", text(act.at.after(Lease::LENGTH))),
                (":now", text(act.at)),
                (":act", text(act.id)),
            ],
        );
        let expression = "SET fence = :fence, lease_holder = :holder, lease_until = :until, \
                          updated_at = :now, act = :act";
        self.change(act, operation.id, expression, condition, false)
            .await
    }

    async fn advance(
        &self,
        act: &Act,
        lease: &Lease,
        position: Option<&str>,
        failures: &[ItemFailure],
    ) -> Result<()> {
        let mut values = vec![
            (":fence", number(lease.fence)),
            (":until", text(act.at.after(Lease::LENGTH))),
            (":now", text(act.at)),
            (":act", text(act.id)),
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
        self.change(act, lease.operation, &expression, condition, false)
            .await
    }

    async fn finish(
        &self,
        act: &Act,
        lease: &Lease,
        outcome: Outcome,
        failures: &[ItemFailure],
    ) -> Result<()> {
        let expires_at = act.at.after(Operation::RETENTION).as_seconds();
        let condition = Condition::new(
            AT_FENCE,
            [
                (":fence", number(lease.fence)),
                (":outcome", encoded(outcome)?),
                (":now", text(act.at)),
                (":act", text(act.id)),
                (":failures", encoded(failures)?),
                (":end", AttributeValue::N(expires_at.to_string())),
            ],
        );
        let expression = "SET outcome = :outcome, finished_at = :now, updated_at = :now, \
                          act = :act, failures = :failures, expires_at = :end \
                          REMOVE lease_holder, lease_until";
        self.change(act, lease.operation, expression, condition, true)
            .await
    }

    async fn request_stop(&self, act: &Act, id: OperationId) -> Result<()> {
        let condition = Condition::new(
            "attribute_exists(pk) AND attribute_not_exists(outcome)",
            [(":yes", AttributeValue::Bool(true))],
        );
        let expression = "SET stop_wanted = :yes";
        match self.change(act, id, expression, condition, false).await {
            // It ended meanwhile, and that is as well.
            Err(Error::LeaseLost) => Ok(()),
            outcome => outcome,
        }
    }
}

/// Nobody else was given a lease since, and nobody ended it.
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
