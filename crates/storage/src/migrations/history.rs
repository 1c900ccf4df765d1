use std::collections::BTreeMap;

use super::{
    BINARY, JournalEntry, Migration, MigrationError, MigrationSet, MigrationStatus, State,
};

/// The files of this binary beside the journal of the database.
pub(super) struct History<'a> {
    set: &'a MigrationSet,
    entries: BTreeMap<u32, JournalEntry>,
}

impl<'a> History<'a> {
    pub(super) fn new(set: &'a MigrationSet, entries: BTreeMap<u32, JournalEntry>) -> Self {
        Self { set, entries }
    }

    pub(super) fn statuses(&self) -> Vec<MigrationStatus> {
        let known = self
            .set
            .migrations()
            .iter()
            .map(|migration| self.status(migration));
        known
            .chain(self.unknown().map(MigrationStatus::unknown))
            .collect()
    }

    /// What is to be done, unless the journal contradicts the files.
    pub(super) fn pending(&self) -> Result<Vec<&'a Migration>, MigrationError> {
        let unknown: Vec<_> = self.unknown().map(|entry| entry.id.to_string()).collect();
        if !unknown.is_empty() {
            return Err(MigrationError::Ahead {
                unknown,
                binary: BINARY,
            });
        }
        let mut pending = Vec::new();
        for migration in self.set.migrations() {
            let MigrationStatus { state, entry, .. } = self.status(migration);
            match (state, entry) {
                (State::Drifted, Some(entry)) => return Err(drift(migration, entry)),
                (State::Done, _) => {}
                _ => pending.push(migration),
            }
        }
        Ok(pending)
    }

    fn status(&self, migration: &Migration) -> MigrationStatus {
        MigrationStatus::of(migration, self.entries.get(&migration.id.version))
    }

    fn unknown(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries
            .values()
            .filter(|entry| !self.set.has(entry.id.version))
    }
}

fn drift(migration: &Migration, entry: JournalEntry) -> MigrationError {
    MigrationError::Drift {
        migration: migration.id.to_string(),
        applied: entry.checksum,
        file: migration.checksum.clone(),
    }
}
