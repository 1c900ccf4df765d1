//! One write: everything that must happen together, in one transaction.

//!
//! `changes` says what can go into it, `commit` what is added to each and how it is tried.

mod changes;
mod commit;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
pub(crate) use commit::Aftermath;
use tintero_domain::act::Act;

use crate::{dynamo::Dynamo, item::Attributes, keys::Subject};

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

    /// The same beside a text that the expression of the change names.
    pub(crate) fn with(mut self, name: &'static str, text: &str) -> Self {
        self.values.push((name, AttributeValue::S(text.to_owned())));
        self
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
}
