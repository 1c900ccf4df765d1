use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        transact_write_items::TransactWriteItemsError,
        update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
    },
    types::{
        AttributeValue, ConditionCheck, ReturnValue, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem,
    },
};
use serde::{Deserialize, Serialize};
use tintero_domain::{clock::Clock, values::Timestamp};
use uuid::Uuid;

use super::{
    MigrationError,
    conflict::through_conflicts,
    keys::{LOCK, PK, SK},
};

/// How long a lock outlives the last sign of its holder.
pub const LEASE: Duration = Duration::from_secs(30);

/// Who holds the migration lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The person or host that started the run.
    #[serde(rename = "held_by")]
    pub operator: String,
    /// When it took the lock.
    #[serde(rename = "held_since")]
    pub since: Timestamp,
    /// When the lock may be taken over, unless the holder renews it.
    #[serde(rename = "lease_until")]
    pub until: Timestamp,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operator,
            since,
            until,
        } = self;
        write!(f, "{operator} (since {since}, lease until {until})")
    }
}

/// The lock item of `<prefix>-schema_migrations`.
///
/// Its `fence` grows with every change of hands and is never reset: a write that names an older
/// number is refused by the database, however late it arrives.
#[derive(Clone)]
pub(super) struct Lock {
    client: Client,
    table: String,
    clock: Arc<dyn Clock>,
}

impl Lock {
    pub(super) fn new(client: Client, table: String, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            table,
            clock,
        }
    }

    /// Takes the lock if it is free or its lease has passed.
    pub(super) async fn acquire(
        &self,
        run: Uuid,
        operator: &str,
    ) -> Result<Lease<'_>, MigrationError> {
        let now = self.clock.now();
        let update = self
            .update()
            .update_expression(
                "SET holder = :run, held_by = :operator, held_since = :now, lease_until = :until ADD fence :one",
            )
            // The holder itself passes: its first attempt may have landed without an answer.
            .condition_expression("attribute_not_exists(lease_until) OR lease_until < :now OR holder = :run")
            .expression_attribute_values(":run", text(&run))
            .expression_attribute_values(":operator", text(&operator))
            .expression_attribute_values(":now", text(&now))
            .expression_attribute_values(":until", text(&now.after(LEASE)))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllNew);
        let fence = match send(update).await {
            Ok(answer) => fence_of(answer.attributes.as_ref()),
            Err(error) => {
                let holder = refused_to(error, "take the migration lock")?;
                return Err(MigrationError::Locked(holder));
            }
        };
        tracing::debug!(fence, "took the migration lock");
        Ok(Lease {
            lock: self,
            run,
            fence,
            renewed: now,
        })
    }

    /// Ends whatever lease there is, and says whose it was.
    pub(super) async fn break_open(&self) -> Result<Option<Holder>, MigrationError> {
        let update = self
            .update()
            .update_expression("REMOVE holder, held_by, held_since, lease_until ADD fence :one")
            .condition_expression("attribute_exists(lease_until)")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllOld);
        match send(update).await {
            Ok(answer) => Ok(answer.attributes.as_ref().and_then(holder_of)),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
            Err(error) => refused_to(error, "break the migration lock"),
        }
    }

    fn update(&self) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key(PK, text(&LOCK))
            .key(SK, text(&LOCK))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// The right to migrate, until [`LEASE`] after the last renewal.
///
/// The work itself renews it, not a task beside the work: a run that hangs loses the lock.
pub(super) struct Lease<'a> {
    lock: &'a Lock,
    run: Uuid,
    fence: u64,
    renewed: Timestamp,
}

const STILL_MINE: &str = "holder = :run AND fence = :fence";

impl Lease<'_> {
    /// Renews the lease once a third of it has passed.
    pub(super) async fn keep(&mut self) -> Result<(), MigrationError> {
        let now = self.lock.clock.now();
        if now < self.renewed.after(LEASE / 3) {
            return Ok(());
        }
        let update = self
            .own(
                self.lock
                    .update()
                    .update_expression("SET lease_until = :until"),
            )
            .expression_attribute_values(":until", text(&now.after(LEASE)));
        match send(update).await {
            Ok(_) => {
                self.renewed = now;
                Ok(())
            }
            Err(error) => {
                let holder = refused_to(error, "renew the migration lock")?;
                Err(MigrationError::LockLost(holder))
            }
        }
    }

    /// Performs `write` in one transaction with the proof that the lock is still held.
    pub(super) async fn write(&self, write: TransactWriteItem) -> Result<(), MigrationError> {
        let check = ConditionCheck::builder()
            .table_name(&self.lock.table)
            .key(PK, text(&LOCK))
            .key(SK, text(&LOCK))
            .condition_expression(STILL_MINE)
            .expression_attribute_values(":run", text(&self.run))
            .expression_attribute_values(":fence", AttributeValue::N(self.fence.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .expect("table, key and condition are set");
        let transaction = self
            .lock
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().condition_check(check).build())
            .transact_items(write);
        match through_conflicts(|| transaction.clone().send()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(MigrationError::LockLost(lost_to(error)?)),
        }
    }

    /// Gives the lock back, if it is still held.
    pub(super) async fn release(self) -> Result<(), MigrationError> {
        let update = self
            .lock
            .update()
            .update_expression("REMOVE holder, held_by, held_since, lease_until");
        match send(self.own(update)).await {
            Ok(_) => Ok(()),
            Err(error) => refused_to(error, "release the migration lock").map(drop),
        }
    }

    fn own(&self, update: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        update
            .condition_expression(STILL_MINE)
            .expression_attribute_values(":run", text(&self.run))
            .expression_attribute_values(":fence", AttributeValue::N(self.fence.to_string()))
    }
}

async fn send(
    update: UpdateItemFluentBuilder,
) -> Result<UpdateItemOutput, SdkError<UpdateItemError>> {
    through_conflicts(|| update.clone().send()).await
}

/// Who held the lock when a condition failed; any other error is passed on.
fn refused_to(
    error: SdkError<UpdateItemError>,
    doing: &str,
) -> Result<Option<Holder>, MigrationError> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => {
            Ok(refusal.item().and_then(holder_of))
        }
        _ => Err(MigrationError::database(doing, error)),
    }
}

/// The same for a transaction whose first action is the check.
fn lost_to(error: SdkError<TransactWriteItemsError>) -> Result<Option<Holder>, MigrationError> {
    if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
        && let Some(check) = cancelled.cancellation_reasons().first()
        && check.code() == Some("ConditionalCheckFailed")
    {
        return Ok(check.item().and_then(holder_of));
    }
    Err(MigrationError::database(
        "write the migration journal",
        error,
    ))
}

fn holder_of(item: &HashMap<String, AttributeValue>) -> Option<Holder> {
    serde_dynamo::from_item(item.clone()).ok()
}

fn fence_of(item: Option<&HashMap<String, AttributeValue>>) -> u64 {
    let fence = item
        .and_then(|item| item.get("fence"))
        .and_then(|fence| fence.as_n().ok());
    fence
        .and_then(|fence| fence.parse().ok())
        .expect("the answer holds the number that was just added to")
}

fn text(value: &impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}
