use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use aws_sdk_dynamodb::{
    Client, Error,
    error::ProvideErrorMetadata,
    types::{
        AttributeValue, ConditionCheck, ReturnValue, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem,
    },
};
use serde::{Deserialize, Serialize};
use tintero_domain::{clock::Clock, values::Timestamp};
use uuid::Uuid;

use super::MigrationError;
use crate::backoff::retry;

/// Time from the last renewal until another run can acquire the lock.
pub const LOCK_LEASE: Duration = Duration::from_secs(30);

/// Partition and sort key of the lock item.
const KEY: &str = "LOCK";

const HELD: &str = "holder = :run AND fence = :fence";
const RELEASE: &str = "REMOVE holder, held_by, held_since, lease_until";

/// Maximum number of attempts at a write that conflicts with another write of the lock.
const ATTEMPTS: u32 = 5;

/// The holder of the migration lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    /// User and host of the run.
    #[serde(rename = "held_by")]
    pub operator: String,
    /// Time at which the run acquired the lock.
    #[serde(rename = "held_since")]
    pub since: Timestamp,
    /// End of the lease, unless the holder renews it.
    #[serde(rename = "lease_until")]
    pub until: Timestamp,
}

impl fmt::Display for LockHolder {
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
/// Its `fence` increases with every change of holder and is never reset. A write with an older
/// fence fails, however late it arrives.
pub(super) struct MigrationLock {
    pub(super) client: Client,
    pub(super) table: String,
    clock: Arc<dyn Clock>,
}

type LockItem = HashMap<String, AttributeValue>;

/// The item that an update returned, or the holder if its condition failed.
type Conditional = Result<LockItem, Option<LockHolder>>;

impl MigrationLock {
    pub(super) fn new(client: Client, table: String, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            table,
            clock,
        }
    }

    /// Acquires the lock if it is free or its lease has ended.
    pub(super) async fn acquire(
        &self,
        run: Uuid,
        operator: &str,
    ) -> Result<HeldLock<'_>, MigrationError> {
        let now = self.clock.now();
        let acquired = self
            .update(
                "SET holder = :run, held_by = :operator, held_since = :now, lease_until = :until ADD fence :one",
                // The holder passes too: its first attempt may have succeeded without a response.
                "attribute_not_exists(lease_until) OR lease_until < :now OR holder = :run",
                [
                    (":run", text(&run)),
                    (":operator", text(&operator)),
                    (":now", text(&now)),
                    (":until", text(&now.after(LOCK_LEASE))),
                    (":one", number(1)),
                ],
                ReturnValue::AllNew,
            )
            .await
            .map_err(|error| MigrationError::database("acquire the migration lock", error))?
            .map_err(MigrationError::Locked)?;
        let fence = acquired.get("fence").and_then(|fence| fence.as_n().ok());
        let fence = fence
            .and_then(|fence| fence.parse().ok())
            .expect("the update adds to the number");
        tracing::debug!(fence, "acquired the migration lock");
        Ok(HeldLock {
            lock: self,
            run,
            fence,
            renewed: now,
        })
    }

    /// Ends the lease of any holder and returns that holder.
    pub(super) async fn unlock(&self) -> Result<Option<LockHolder>, MigrationError> {
        let broken = self
            .update(
                &format!("{RELEASE} ADD fence :one"),
                "attribute_exists(lease_until)",
                [(":one", number(1))],
                ReturnValue::AllOld,
            )
            .await;
        match broken {
            Ok(Ok(item)) => Ok(holder(Some(&item))),
            Ok(Err(holder)) => Ok(holder),
            Err(Error::ResourceNotFoundException(_)) => Ok(None),
            Err(error) => Err(MigrationError::database(
                "release the migration lock",
                error,
            )),
        }
    }

    async fn update(
        &self,
        expression: &str,
        condition: &str,
        values: impl IntoIterator<Item = (&str, AttributeValue)>,
        returned: ReturnValue,
    ) -> Result<Conditional, Error> {
        let values = values.into_iter();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&KEY))
            .key("sk", text(&KEY))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(
                values
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            ))
            .return_values(returned)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let send = || async { Ok(update.clone().send().await?) };
        match retry(ATTEMPTS, is_conflict, send).await {
            Ok(response) => Ok(Ok(response.attributes.unwrap_or_default())),
            Err(Error::ConditionalCheckFailedException(failed)) => Ok(Err(holder(failed.item()))),
            Err(error) => Err(error),
        }
    }
}

/// The acquired lock, valid until [`LOCK_LEASE`] after the last renewal.
///
/// The run itself renews it, not a background task, so a run that hangs loses the lock.
pub(super) struct HeldLock<'a> {
    lock: &'a MigrationLock,
    run: Uuid,
    fence: u64,
    renewed: Timestamp,
}

impl HeldLock<'_> {
    pub(super) fn table(&self) -> &str {
        &self.lock.table
    }

    /// Renews the lease after a third of it.
    pub(super) async fn renew(&mut self) -> Result<(), MigrationError> {
        let now = self.lock.clock.now();
        if now < self.renewed.after(LOCK_LEASE / 3) {
            return Ok(());
        }
        let until = (":until", text(&now.after(LOCK_LEASE)));
        let values = self.proof().into_iter().chain([until]);
        self.lock
            .update("SET lease_until = :until", HELD, values, ReturnValue::None)
            .await
            .map_err(|error| MigrationError::database("renew the migration lock", error))?
            .map_err(MigrationError::LockLost)?;
        self.renewed = now;
        Ok(())
    }

    /// Writes in one transaction with a check that the lock is still held.
    pub(super) async fn write(&self, write: TransactWriteItem) -> Result<(), MigrationError> {
        let values = self.proof().map(|(name, value)| (name.to_owned(), value));
        let check = ConditionCheck::builder()
            .table_name(&self.lock.table)
            .key("pk", text(&KEY))
            .key("sk", text(&KEY))
            .condition_expression(HELD)
            .set_expression_attribute_values(Some(values.into()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .expect("table, key and condition are set");
        let transaction = self
            .lock
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().condition_check(check).build())
            .transact_items(write);
        let send = || async { Ok(transaction.clone().send().await?) };
        let Err(error) = retry(ATTEMPTS, is_conflict, send).await else {
            return Ok(());
        };
        if let Error::TransactionCanceledException(cancelled) = &error
            && let Some(check) = cancelled.cancellation_reasons().first()
            && check.code() == Some("ConditionalCheckFailed")
        {
            return Err(MigrationError::LockLost(holder(check.item())));
        }
        Err(MigrationError::database(
            "write the migration journal",
            error,
        ))
    }

    /// Releases the lock, if it is still held.
    pub(super) async fn release(self) -> Result<(), MigrationError> {
        let released = self
            .lock
            .update(RELEASE, HELD, self.proof(), ReturnValue::None)
            .await;
        released
            .map(drop)
            .map_err(|error| MigrationError::database("release the migration lock", error))
    }

    /// The values of [`HELD`].
    fn proof(&self) -> [(&'static str, AttributeValue); 2] {
        [(":run", text(&self.run)), (":fence", number(self.fence))]
    }
}

/// Whether another write used the item at that moment, which the SDK does not retry. If a
/// condition failed as well, another attempt fails the same way.
fn is_conflict(error: &Error) -> bool {
    let Error::TransactionCanceledException(cancelled) = error else {
        return error.code() == Some("TransactionConflictException");
    };
    let reasons = cancelled.cancellation_reasons();
    let any = |code| reasons.iter().any(|reason| reason.code() == Some(code));
    any("TransactionConflict") && !any("ConditionalCheckFailed")
}

fn holder(item: Option<&LockItem>) -> Option<LockHolder> {
    // A released lock has no holder attributes.
    serde_dynamo::from_item(item?.clone()).ok()
}

fn text(value: &impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
