use std::fmt;

use serde::Serialize;

use super::{JournalEntry, Migration, MigrationId, Progress};

/// Where one migration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationStatus {
    /// Number and name.
    #[serde(flatten)]
    pub id: MigrationId,
    /// Its state.
    pub state: State,
    /// What the journal holds about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<JournalEntry>,
}

/// The journal and the files of this binary, held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not begun.
    Pending,
    /// Begun; if nobody holds the lock, the run died and `up` begins it again.
    Running,
    /// Stopped by an error; `up` begins it again.
    Failed,
    /// Complete.
    Done,
    /// Complete, but the file has changed since.
    Drifted,
    /// In the journal only: a newer binary was here.
    Unknown,
}

impl MigrationStatus {
    /// Holds a file of this binary against the journal.
    pub(super) fn of(migration: &Migration, entry: Option<&JournalEntry>) -> Self {
        let state = entry.map_or(State::Pending, |entry| match entry.progress {
            Progress::Running => State::Running,
            Progress::Failed => State::Failed,
            Progress::Done if entry.checksum != migration.checksum => State::Drifted,
            Progress::Done => State::Done,
        });
        Self {
            id: migration.id.clone(),
            state,
            entry: entry.cloned(),
        }
    }

    /// An entry that no file of this binary describes.
    pub(super) fn unknown(entry: &JournalEntry) -> Self {
        Self {
            id: entry.id.clone(),
            state: State::Unknown,
            entry: Some(entry.clone()),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Done => "done",
            Self::Drifted => "changed since",
            Self::Unknown => "unknown here",
        })
    }
}

impl fmt::Display for MigrationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<14}{}", self.state, self.id)?;
        let Some(entry) = &self.entry else {
            return Ok(());
        };
        let when = entry.finished_at.unwrap_or(entry.started_at);
        write!(f, "  {when} by {} with {}", entry.operator, entry.binary)?;
        entry
            .error
            .as_ref()
            .map_or(Ok(()), |error| write!(f, ": {error}"))
    }
}
