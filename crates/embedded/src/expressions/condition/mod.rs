//! Condition expressions.

mod evaluation;
mod parser;

use super::Substitutions;
use crate::api_error::RequestError;
use crate::item::{Item, Value};

/// A parsed condition expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition(Term);

#[derive(Debug, Clone, PartialEq)]
enum Term {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Exists(String),
    NotExists(String),
    Compares(Operand, Comparison, Operand),
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Attribute(String),
    Value(Value),
    /// The length of an attribute.
    Size(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    pub(crate) fn parse(
        text: &str,
        substitutions: &Substitutions<'_>,
    ) -> Result<Self, RequestError> {
        parser::parse(text, substitutions)
            .map(Self)
            .map_err(|reason| {
                RequestError::validation(format!("Invalid ConditionExpression: {reason}"))
            })
    }

    /// Whether the stored item meets the condition. `None` is an item that does not exist.
    pub(crate) fn holds(&self, item: Option<&Item>) -> bool {
        self.0.holds(item)
    }
}
