//! Background operations.

use tintero_domain::values::OperationId;

use super::ItemKey;

const ALL: &str = "OPERATIONS";

const UNFINISHED: &str = "UNFINISHED";

/// An operation.
#[must_use]
pub fn operation(id: OperationId) -> ItemKey {
    ItemKey::new(ALL, operation_sort_key(id))
}

/// The partition of all operations.
#[must_use]
pub fn operations() -> String {
    ALL.to_owned()
}

/// The sort key of an operation. Ids sort by creation time.
#[must_use]
pub fn operation_sort_key(id: OperationId) -> String {
    format!("O#{id}")
}

/// Parses a sort key of an operation.
#[must_use]
pub fn parse_operation(sk: &str) -> Option<OperationId> {
    sk.strip_prefix("O#")?.parse().ok()
}

/// A sort key after every operation.
#[must_use]
pub fn end_of_operations() -> String {
    "~".to_owned()
}

/// The marker of an unfinished operation.
#[must_use]
pub fn unfinished_operation(id: OperationId) -> ItemKey {
    ItemKey::new(UNFINISHED, id.to_string())
}

/// The partition of the markers of unfinished operations.
#[must_use]
pub fn unfinished_operations() -> String {
    UNFINISHED.to_owned()
}

/// Parses the sort key of a marker.
#[must_use]
pub fn parse_unfinished(sk: &str) -> Option<OperationId> {
    sk.parse().ok()
}
