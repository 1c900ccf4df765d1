//! Attribute values and their wire JSON.

use std::collections::BTreeMap;

use super::Number;

/// The members of a map or of an item.
pub(crate) type Map = BTreeMap<String, Value>;

/// An attribute value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    S(String),
    N(Number),
    B(Vec<u8>),
    Bool(bool),
    Null,
    L(Vec<Value>),
    M(Map),
    /// Sets are sorted and have no duplicates.
    Ss(Vec<String>),
    Ns(Vec<Number>),
    Bs(Vec<Vec<u8>>),
}
