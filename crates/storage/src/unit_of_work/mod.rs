//! One write as one transaction.
//!
//! `changes` holds the changes that a transaction can contain. `commit` adds the audit record, the
//! idempotency record and the progress of the operation, and sends the transaction.

mod changes;
mod commit;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::Serialize;
use tintero_domain::{
    Result,
    values::{Note, Revision, Version},
    writes::{WriteContext, WriteOutcome},
};

use crate::{
    audit_record::AuditedState,
    dynamo::Dynamo,
    idempotency,
    item::Attributes,
    keys::{AuditSubject, ItemKey},
};

/// The changes of one transaction, each with `R`, the meaning of its failed condition.
///
/// Every transaction contains the audit record of its write: stores have no other way to write.
pub(crate) struct UnitOfWork<'a, R> {
    dynamo: &'a Dynamo,
    context: &'a WriteContext,
    subject: AuditSubject,
    items: Vec<TransactWriteItem>,
    refusals: Vec<Option<R>>,
    audited: AuditedState,
    idempotency: Option<Attributes>,
    prepared: Vec<ItemKey>,
}

/// A condition expression and its values.
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

    /// Adds values that the update expression uses.
    pub(crate) fn with(
        mut self,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Self {
        self.values.extend(values);
        self
    }
}

/// A failed condition.
pub(crate) struct FailedCondition<R> {
    pub(crate) refusal: R,
    /// The stored item that did not meet the condition.
    pub(crate) item: Option<Attributes>,
}

/// The outcome of a transaction.
#[must_use]
pub(crate) enum TransactionOutcome<R> {
    Committed,
    /// These conditions failed, so nothing was written.
    Refused(Vec<FailedCondition<R>>),
}

impl<R> TransactionOutcome<R> {
    pub(crate) fn is_committed(&self) -> bool {
        matches!(self, Self::Committed)
    }

    /// Converts failed conditions with `explain`.
    pub(crate) fn or_explain(
        self,
        explain: impl FnOnce(Vec<FailedCondition<R>>) -> Result<WriteOutcome>,
    ) -> Result<WriteOutcome> {
        match self {
            Self::Committed => Ok(WriteOutcome::Applied),
            Self::Refused(failed) => explain(failed),
        }
    }
}

impl<'a, R> UnitOfWork<'a, R> {
    /// A transaction without changes. `subject` is the resource that the audit record names.
    pub(crate) fn new(
        dynamo: &'a Dynamo,
        context: &'a WriteContext,
        subject: AuditSubject,
    ) -> Self {
        Self {
            dynamo,
            context,
            subject,
            items: Vec::new(),
            refusals: Vec::new(),
            audited: AuditedState::default(),
            idempotency: None,
            prepared: Vec::new(),
        }
    }

    /// Adds the version and revision after the write to the audit record.
    pub(crate) fn audit(&mut self, version: Version, revision: Revision) {
        self.audited.version = Some(version);
        self.audited.revision = Some(revision);
    }

    /// Adds what the actor wrote about the write to the audit record.
    pub(crate) fn audit_note(&mut self, note: Option<Note>) {
        self.audited.note = note;
    }

    /// Stores `record` under the idempotency key, if the request has one. A second transaction with
    /// the same key fails with [`Error::KeyReused`](tintero_domain::Error::KeyReused).
    pub(crate) fn remember(&mut self, record: impl Serialize) -> Result<()> {
        self.idempotency = idempotency::item(self.context, record)?;
        Ok(())
    }

    /// Names chunks that were written before this transaction and that only it refers to. They are
    /// deleted if the transaction fails and cannot succeed later.
    pub(crate) fn prepared(&mut self, chunks: impl IntoIterator<Item = ItemKey>) {
        self.prepared.extend(chunks);
    }

    /// Commits; every failed condition is a conflict.
    ///
    /// # Errors
    /// See [`commit`](Self::commit).
    pub(crate) async fn commit_or_conflict(self) -> Result<WriteOutcome> {
        let outcome = self.commit().await?;
        outcome.or_explain(|_| Ok(WriteOutcome::Conflict))
    }
}
