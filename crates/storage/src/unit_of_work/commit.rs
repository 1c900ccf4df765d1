use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason};
use tintero_domain::{Error, FieldErrors, Result, lease::Lease, values::Code};

use super::{Condition, FailedCondition, TransactionOutcome, UnitOfWork};
use crate::{
    audit_record,
    backoff::pause,
    client::SendCounter,
    error::{Cancelled, cancelled},
    keys::{self, Table},
    operations::AT_FENCE,
};

/// Attempts at a transaction that conflicts with others.
const MAX_ATTEMPTS: u32 = 6;

/// Maximum number of items of a transaction. DynamoDB allows 100. The reserve lets a later version
/// add items to a write without rejecting posts that were accepted before.
const MAX_ITEMS: usize = 90;

/// Items that [`UnitOfWork::commit`] adds: the audit record, the idempotency record and the progress.
const OWN_ITEMS: usize = 3;

const TOO_MANY_LISTS: &str = "changes too many lists at once: of the public post, of the scheduled change, \
    and of the new one. Cancel the scheduled change first";

impl<R> UnitOfWork<'_, R> {
    /// Whether the transaction can contain this number of additional changes.
    pub(crate) fn has_room(&self, changes: usize) -> bool {
        self.items.len() + changes + OWN_ITEMS <= MAX_ITEMS
    }

    /// Makes all changes or none.
    ///
    /// # Errors
    /// Fails with [`Error::KeyReused`] if the idempotency key has a record, with
    /// [`Error::LeaseLost`] if another runner has taken over the operation, with
    /// [`Error::Invalid`] if the transaction is too large, and with [`Error::Contended`] if
    /// conflicts with other transactions persist.
    pub(crate) async fn commit(mut self) -> Result<TransactionOutcome<R>> {
        let audit = audit_record::item(self.context, &self.subject, &self.audited)?;
        self.put(Table::Audit, audit)?;
        let record_at = self.add_idempotency_record()?;
        let lease_at = self.add_progress()?;
        if self.items.len() > MAX_ITEMS {
            self.remove_prepared().await;
            return Err(FieldErrors::one("", Code::TooLong, TOO_MANY_LISTS).into());
        }
        let Some(reasons) = self.send().await? else {
            return Ok(TransactionOutcome::Committed);
        };
        let has_failed = |at: Option<usize>| at.and_then(|at| reasons.get(at)).is_some_and(failed);
        if has_failed(record_at) {
            return Err(Error::KeyReused);
        }
        if has_failed(lease_at) {
            return Err(Error::LeaseLost);
        }
        let refused = self.refusals.into_iter().zip(reasons);
        let refused = refused.filter(|(_, reason)| failed(reason));
        let conditions = refused.filter_map(|(refusal, reason)| {
            Some(FailedCondition {
                refusal: refusal?,
                item: reason.item,
            })
        });
        Ok(TransactionOutcome::Refused(conditions.collect()))
    }

    /// Returns the reasons of a cancellation, or nothing if the transaction was committed.
    async fn send(&mut self) -> Result<Option<Vec<CancellationReason>>> {
        let (mut attempt, sent) = (0, SendCounter::default());
        let reasons = loop {
            attempt += 1;
            let items = self.items.clone();
            let sending = self.dynamo.transact(items, self.context.id, &sent);
            match sending.await.map_err(cancelled) {
                Ok(()) => return Ok(None),
                Err(Cancelled::Contended(_)) if attempt < MAX_ATTEMPTS => pause(attempt).await,
                Err(Cancelled::Contended(error) | Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(reasons)) => break reasons,
            }
        };
        // A request without a response may still be in flight, so its chunks are kept.
        if sent.count() == attempt {
            self.remove_prepared().await;
        }
        Ok(Some(reasons))
    }

    async fn remove_prepared(&mut self) {
        let chunks = std::mem::take(&mut self.prepared);
        if let Err(error) = self.dynamo.remove_many(Table::Posts, chunks).await {
            // The doctor finds and removes them.
            tracing::warn!(%error, "chunks of a refused write were not deleted");
        }
    }

    /// Returns the position of the record.
    fn add_idempotency_record(&mut self) -> Result<Option<usize>> {
        let Some(item) = self.idempotency.take() else {
            return Ok(None);
        };
        let now = AttributeValue::N(self.context.at.as_seconds().to_string());
        // DynamoDB deletes expired items late, so an expired record counts as absent.
        let free = Condition::new(
            "attribute_not_exists(pk) OR expires_at <= :now",
            [(":now", now)],
        );
        self.put_when(Table::Idempotency, item, Some(free), None)?;
        Ok(Some(self.items.len() - 1))
    }

    /// Counts the write as one item of its operation and extends the lease. Returns the position of the
    /// condition on the lease.
    fn add_progress(&mut self) -> Result<Option<usize>> {
        let Some(lease) = self.context.step else {
            return Ok(None);
        };
        let until = self.context.at.after(Lease::LENGTH).to_string();
        let held = Condition::new(
            AT_FENCE,
            [
                (":until", AttributeValue::S(until)),
                (":now", AttributeValue::S(self.context.at.to_string())),
                (":one", AttributeValue::N("1".to_owned())),
                (":fence", AttributeValue::N(lease.fence.to_string())),
            ],
        );
        let key = keys::operation(lease.operation);
        let progress = "SET lease_until = :until, updated_at = :now ADD done :one";
        self.update_when(Table::Operations, key, progress, held, None)?;
        Ok(Some(self.items.len() - 1))
    }
}

fn failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}
