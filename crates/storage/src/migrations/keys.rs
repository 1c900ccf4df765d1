//! Keys of `schema_migrations`, and the names of every table's key attributes.

/// Partition key attribute of every table.
pub(super) const PK: &str = "pk";
/// Sort key attribute of every table.
pub(super) const SK: &str = "sk";
/// Partition of the journal: one item for each migration.
pub(super) const JOURNAL: &str = "JOURNAL";
/// Partition and sort key of the lock item.
pub(super) const LOCK: &str = "LOCK";

/// Sort key of a migration's journal entry: sorts as the versions do.
pub(super) fn entry(version: u32) -> String {
    format!("{version:04}")
}
