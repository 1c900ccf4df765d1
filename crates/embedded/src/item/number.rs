//! Numbers of up to 38 digits.

/// A number in the form in which DynamoDB returns it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Number(String);
