//! One write: everything that must happen together, in one transaction.

use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use rand::RngExt as _;
use serde::Serialize;
use tintero_domain::{
    Error, Result,
    act::{Act, EffectRecord},
    posts::Standing,
    values::Timestamp,
};

use crate::{
    dynamo::{Dynamo, attributes},
    error::{Cancelled, cancelled},
    item::{Attributes, EntityType, Item, encode},
    keys::{self, Key, Subject, Table},
};

/// How often a transaction that collided with others is tried.
const ATTEMPTS: u32 = 6;

/// How long what a write with an idempotency key did is remembered.
const EFFECT_LIFETIME: Duration = Duration::from_hours(24);

/// Changes that become one transaction, each with what its refusal would mean.
///
/// The act's audit record and, where the client gave a key, its idempotency record go with
/// every one of them: there is no other way to write.
pub(crate) struct UnitOfWork<'a, R> {
    dynamo: &'a Dynamo,
    act: &'a Act,
    subject: Subject,
    items: Vec<TransactWriteItem>,
    refusals: Vec<Option<R>>,
}

/// A condition, with the values that it names.
pub(crate) struct Condition {
    expression: &'static str,
    values: Vec<(&'static str, AttributeValue)>,
}

impl Condition {
    pub(crate) const ABSENT: Self = Self {
        expression: "attribute_not_exists(pk)",
        values: Vec::new(),
    };
    pub(crate) const PRESENT: Self = Self {
        expression: "attribute_exists(pk)",
        values: Vec::new(),
    };

    pub(crate) fn new(
        expression: &'static str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Self {
        Self {
            expression,
            values: values.into_iter().collect(),
        }
    }
}

/// A change that was refused: what that means, and what was there instead.
pub(crate) struct Refused<R> {
    pub(crate) refusal: R,
    pub(crate) item: Option<Attributes>,
}

/// How a unit of work ended.
pub(crate) enum Outcome<R> {
    /// All of it happened.
    Done,
    /// The idempotency key already had an effect.
    KeyReused,
    /// These changes were refused, and nothing happened.
    Refused(Vec<Refused<R>>),
}

#[derive(Serialize)]
struct AuditRecord<'a> {
    action: tintero_domain::act::Action,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<tintero_domain::values::UserId>,
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

impl<'a, R> UnitOfWork<'a, R> {
    /// Nothing yet but the act itself.
    pub(crate) fn new(dynamo: &'a Dynamo, act: &'a Act, subject: Subject) -> Self {
        Self {
            dynamo,
            act,
            subject,
            items: Vec::new(),
            refusals: Vec::new(),
        }
    }

    fn push(&mut self, item: TransactWriteItem, refusal: Option<R>) {
        self.items.push(item);
        self.refusals.push(refusal);
    }

    /// Writes an item whatever was there.
    pub(crate) fn put(&mut self, table: Table, item: Attributes) -> Result<()> {
        self.put_when(table, item, None)
    }

    /// Writes an item that must not exist.
    pub(crate) fn insert(&mut self, table: Table, item: Attributes, refusal: R) -> Result<()> {
        self.put_when(table, item, Some((Condition::ABSENT, refusal)))
    }

    /// Writes an item when what is there meets a condition.
    pub(crate) fn put_if(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        self.put_when(table, item, Some((condition, refusal)))
    }

    fn put_when(
        &mut self,
        table: Table,
        item: Attributes,
        condition: Option<(Condition, R)>,
    ) -> Result<()> {
        let mut put = Put::builder()
            .table_name(self.dynamo.table(table))
            .set_item(Some(item));
        let refusal = condition.map(|(condition, refusal)| {
            put = std::mem::take(&mut put)
                .condition_expression(condition.expression)
                .set_expression_attribute_values(values(condition.values))
                .return_values_on_condition_check_failure(
                    ReturnValuesOnConditionCheckFailure::AllOld,
                );
            refusal
        });
        let put = put.build().map_err(incomplete)?;
        self.push(TransactWriteItem::builder().put(put).build(), refusal);
        Ok(())
    }

    /// Changes attributes of an item when what is there meets a condition.
    pub(crate) fn update_if(
        &mut self,
        table: Table,
        key: Key,
        expression: &str,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let update = Update::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .condition_expression(condition.expression)
            .set_expression_attribute_values(values(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().update(update).build(),
            Some(refusal),
        );
        Ok(())
    }

    /// Removes an item, if it is there.
    pub(crate) fn remove(&mut self, table: Table, key: Key) -> Result<()> {
        let delete = Delete::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .build()
            .map_err(incomplete)?;
        self.push(TransactWriteItem::builder().delete(delete).build(), None);
        Ok(())
    }

    /// Removes an item when what is there meets a condition.
    pub(crate) fn remove_if(
        &mut self,
        table: Table,
        key: Key,
        condition: Condition,
        refusal: R,
    ) -> Result<()> {
        let delete = Delete::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(values(condition.values))
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().delete(delete).build(),
            Some(refusal),
        );
        Ok(())
    }

    /// Demands that an item is there.
    pub(crate) fn require(&mut self, table: Table, key: Key, refusal: R) -> Result<()> {
        let check = ConditionCheck::builder()
            .table_name(self.dynamo.table(table))
            .set_key(Some(attributes(key)))
            .condition_expression(Condition::PRESENT.expression)
            .build()
            .map_err(incomplete)?;
        self.push(
            TransactWriteItem::builder().condition_check(check).build(),
            Some(refusal),
        );
        Ok(())
    }

    /// Makes all of the changes, or none.
    ///
    /// `standing` is how the post stands afterwards, where the act is about one.
    pub(crate) async fn commit(mut self, standing: Option<&Standing>) -> Result<Outcome<R>> {
        self.record_act(standing)?;
        let effect_at = self.record_effect(standing)?;
        let mut attempt = 0;
        let reasons = loop {
            attempt += 1;
            match self
                .dynamo
                .transact(self.items.clone(), self.act.id)
                .await
                .map_err(cancelled)
            {
                Ok(()) => return Ok(Outcome::Done),
                Err(Cancelled::Contended(_)) if attempt < ATTEMPTS => pause(attempt).await,
                Err(Cancelled::Contended(error) | Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(reasons)) => break reasons,
            }
        };
        if effect_at.is_some_and(|position| reasons.get(position).is_some_and(failed)) {
            return Ok(Outcome::KeyReused);
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

    fn record_act(&mut self, standing: Option<&Standing>) -> Result<()> {
        let Act {
            id,
            actor,
            action,
            at,
            request_id,
            idempotency: _,
        } = self.act;
        let record = AuditRecord {
            action: *action,
            at: *at,
            actor: *actor,
            request_id,
            version: standing.map(|standing| standing.version.0),
            revision: standing.map(|standing| standing.revision.0),
        };
        self.put(
            Table::Audit,
            encode(Item::new(
                keys::audit(self.subject, *id),
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
}

fn failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

fn values(values: Vec<(&'static str, AttributeValue)>) -> Option<Attributes> {
    // DynamoDB refuses an empty map of values.
    (!values.is_empty()).then(|| {
        values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Corrupt {
        what: "transaction to be written".to_owned(),
        source: Box::new(error),
    }
}

/// Waits before the next attempt: 10 ms doubled each time, and a random part of that.
async fn pause(attempt: u32) {
    let longest = 10_u64 << attempt.min(6);
    let millis = rand::rng().random_range(0..=longest);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
