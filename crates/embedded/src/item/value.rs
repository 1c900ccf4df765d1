use std::collections::BTreeMap;

use super::Number;

/// The members of a map or of an item.
pub(crate) type Map = BTreeMap<String, Value>;

/// Values at this depth are refused. The value of an attribute has depth 0, its elements have depth 1.
pub(super) const MAX_DEPTH: usize = 32;

/// An attribute value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    S(String),
    N(Number),
    B(Vec<u8>),
    Bool(bool),
    Null,
    L(Vec<Self>),
    M(Map),
    /// Sets are sorted, have no duplicates and are not empty.
    Ss(Vec<String>),
    Ns(Vec<Number>),
    Bs(Vec<Vec<u8>>),
}

impl Value {
    /// The name of the type in the wire format.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::L(_) => "L",
            Self::M(_) => "M",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
        }
    }
}
