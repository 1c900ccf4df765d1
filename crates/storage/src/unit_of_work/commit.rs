use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Put, TransactWriteItem, Update};
use serde::Serialize;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::{Act, Action, EffectRecord},
    operations::Lease,
    posts::Standing,
    values::{ApiKeyId, Code, Timestamp, UserId},
};

use super::{Outcome, Refused, UnitOfWork, changes::incomplete};
use crate::{
    backoff::pause,
    dynamo::{Sendings, attributes},
    error::{Cancelled, cancelled},
    item::{EntityType, Item, encode},
    keys::{self, Table},
    operations::AT_FENCE,
};

/// How often a transaction that collided with others is tried.
const ATTEMPTS: u32 = 6;

/// The most items of a transaction, records and notes included: DynamoDB takes 100, and what is added to
/// a write one day must not bring down what was accepted before.
const MOST_ITEMS: usize = 90;

const TOO_WIDE: &str = "would replace what is public and what is planned, in more lists than can change at once; \
    take back what is planned first";

/// How long what a write with an idempotency key did is remembered.
const EFFECT_LIFETIME: Duration = Duration::from_hours(24);

#[derive(Serialize)]
struct AuditRecord<'a> {
    action: Action,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<ApiKeyId>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
}

#[derive(Serialize)]
struct Expiring<T> {
    expires_at: i64,
    #[serde(flatten)]
    body: T,
}

impl<R> UnitOfWork<'_, R> {
    /// Makes all of the changes, or none.
    ///
    /// `standing` is how the post stands afterwards, where the act is about one.
    pub(crate) async fn commit(mut self, standing: Option<&Standing>) -> Result<Outcome<R>> {
        self.record_act(standing)?;
        let effect_at = self.record_effect(standing)?;
        let step_at = self.record_step()?;
        if self.items.len() > MOST_ITEMS {
            self.withdraw_prepared().await;
            return Err(FieldErrors::one("", Code::TooLong, TOO_WIDE).into());
        }
        let (mut attempt, sendings) = (0, Sendings::default());
        let reasons = loop {
            attempt += 1;
            match self
                .dynamo
                .transact(self.items.clone(), self.act.id, &sendings)
                .await
                .map_err(cancelled)
            {
                Ok(()) => return Ok(Outcome::Done),
                Err(Cancelled::Contended(_)) if attempt < ATTEMPTS => pause(attempt).await,
                Err(Cancelled::Contended(error) | Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(reasons)) => break reasons,
            }
        };
        // Of a sending that was never answered nobody knows whether it is on its way still.
        if sendings.count() == attempt {
            self.withdraw_prepared().await;
        }
        let refused = |at: Option<usize>| at.and_then(|at| reasons.get(at)).is_some_and(failed);
        if refused(effect_at) {
            return Ok(Outcome::KeyReused);
        }
        if refused(step_at) {
            return Err(Error::LeaseLost);
        }
        let refused = self
            .refusals
            .into_iter()
            .zip(reasons)
            .filter(|(_, reason)| failed(reason));
        Ok(Outcome::Refused(
            refused
                .filter_map(|(refusal, reason)| {
                    Some(Refused {
                        refusal: refusal?,
                        item: reason.item,
                    })
                })
                .collect(),
        ))
    }

    /// Removes what was written for it, as far as that goes: what stays is found by the doctor.
    async fn withdraw_prepared(&mut self) {
        let pieces = std::mem::take(&mut self.prepared);
        let _ = self.dynamo.remove_many(Table::Posts, pieces).await;
    }

    fn record_act(&mut self, standing: Option<&Standing>) -> Result<()> {
        let Act {
            id,
            actor,
            key,
            action,
            at,
            request_id,
            idempotency: _,
            step: _,
        } = self.act;
        let record = AuditRecord {
            action: *action,
            at: *at,
            actor: *actor,
            key: *key,
            request_id,
            version: standing.map(|standing| standing.version.0),
            revision: standing.map(|standing| standing.revision.0),
        };
        self.put(
            Table::Audit,
            encode(Item::new(
                keys::audit(&self.subject, *id),
                EntityType::Audit,
                record,
            ))?,
        )
    }

    /// The position of the idempotency record, when there is one.
    fn record_effect(&mut self, standing: Option<&Standing>) -> Result<Option<usize>> {
        let (Some(claim), Some(user), Some(standing)) =
            (&self.act.idempotency, self.act.actor, standing)
        else {
            return Ok(None);
        };
        let body = Expiring {
            expires_at: self.act.at.after(EFFECT_LIFETIME).as_seconds(),
            body: EffectRecord {
                request_digest: claim.request_digest.clone(),
                standing: standing.clone(),
                merged: self.merged,
            },
        };
        let item = encode(Item::new(
            keys::effect(user, &claim.key),
            EntityType::Effect,
            body,
        ))?;
        // Records past their time are swept late, so they count as absent here.
        let put = Put::builder()
            .table_name(self.dynamo.table(Table::Idempotency))
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
            .expression_attribute_values(
                ":now",
                AttributeValue::N(self.act.at.as_seconds().to_string()),
            )
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().put(put).build(), None);
        Ok(Some(self.items.len() - 1))
    }

    /// The position of the operation's progress, where this is one item of an operation.
    fn record_step(&mut self) -> Result<Option<usize>> {
        let Some(lease) = self.act.step else {
            return Ok(None);
        };
        let until = self.act.at.after(Lease::LENGTH).to_string();
        let update = Update::builder()
            .table_name(self.dynamo.table(Table::Operations))
            .set_key(Some(attributes(keys::operation(lease.operation))))
            .update_expression("SET lease_until = :until, updated_at = :now ADD done :one")
            .condition_expression(AT_FENCE)
            .expression_attribute_values(":until", AttributeValue::S(until))
            .expression_attribute_values(":now", AttributeValue::S(self.act.at.to_string()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":fence", AttributeValue::N(lease.fence.to_string()))
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().update(update).build(), None);
        Ok(Some(self.items.len() - 1))
    }
}

fn failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}
