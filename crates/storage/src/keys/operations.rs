//! Long operations.

use tintero_domain::values::OperationId;

use super::Key;

/// The partition of all operations.
const ALL: &str = "OPERATIONS";

/// The partition of those that did not end.
const UNFINISHED: &str = "UNFINISHED";

/// An operation.
#[must_use]
pub fn operation(id: OperationId) -> Key {
    Key::new(ALL, operation_place(id))
}

/// All operations.
#[must_use]
pub fn operations() -> String {
    ALL.to_owned()
}

/// An operation's place among all operations; ids sort by time of creation.
#[must_use]
pub fn operation_place(id: OperationId) -> String {
    format!("O#{id}")
}

/// The operation at such a place.
#[must_use]
pub fn read_operation(sk: &str) -> Option<OperationId> {
    sk.strip_prefix("O#")?.parse().ok()
}

/// Sorts after every operation.
#[must_use]
pub fn end_of_operations() -> String {
    "~".to_owned()
}

/// The note that an operation did not end.
#[must_use]
pub fn unfinished_operation(id: OperationId) -> Key {
    Key::new(UNFINISHED, id.to_string())
}

/// The notes of all that did not end.
#[must_use]
pub fn unfinished_operations() -> String {
    UNFINISHED.to_owned()
}

/// The operation that such a note is about.
#[must_use]
pub fn read_unfinished(sk: &str) -> Option<OperationId> {
    sk.parse().ok()
}
