use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Comparison, Operand, Term};
use crate::item::{Item, Number, Value};

impl Term {
    pub(super) fn holds(&self, item: Option<&Item>) -> bool {
        let get = |name: &str| item.and_then(|item| item.get(name));
        match self {
            Self::And(left, right) => left.holds(item) && right.holds(item),
            Self::Or(left, right) => left.holds(item) || right.holds(item),
            Self::Not(term) => !term.holds(item),
            Self::Exists(name) => get(name).is_some(),
            Self::NotExists(name) => get(name).is_none(),
            Self::Compares(left, comparison, right) => {
                match (left.value(item), right.value(item)) {
                    (Some(left), Some(right)) => comparison.holds(&left, &right),
                    // An attribute that does not exist differs from every value.
                    _ => *comparison == Comparison::NotEqual,
                }
            }
        }
    }
}

impl Operand {
    fn value<'a>(&'a self, item: Option<&'a Item>) -> Option<Cow<'a, Value>> {
        match self {
            Self::Value(value) => Some(Cow::Borrowed(value)),
            Self::Attribute(name) => item?.get(name).map(Cow::Borrowed),
            Self::Size(name) => {
                length(item?.get(name)?).map(|length| Cow::Owned(Value::N(Number::from(length))))
            }
        }
    }
}

/// The result of `size`, or `None` for types that have none.
fn length(value: &Value) -> Option<usize> {
    match value {
        // DynamoDB counts UTF-16 units.
        Value::S(text) => Some(text.encode_utf16().count()),
        Value::B(bytes) => Some(bytes.len()),
        Value::L(elements) => Some(elements.len()),
        Value::M(members) => Some(members.len()),
        Value::Ss(texts) => Some(texts.len()),
        Value::Ns(numbers) => Some(numbers.len()),
        Value::Bs(binaries) => Some(binaries.len()),
        Value::N(_) | Value::Bool(_) | Value::Null => None,
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        let order = order(left, right);
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => order.is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order.is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

/// The order of two values of the same type, or `None` if they have none.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::S(left), Value::S(right)) => Some(left.cmp(right)),
        (Value::N(left), Value::N(right)) => Some(left.cmp(right)),
        (Value::B(left), Value::B(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
