use std::error::Error;

use super::{Difference, LockHolder};

/// An error of a migration or of the check before serving. Each message contains the fix.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A file is invalid or contradicts earlier files.
    #[error("migration file {file} is invalid: {reason}; correct the file")]
    File {
        /// Name of the file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The database lacks migrations of this binary.
    #[error("the database lacks {}; run `tintero migrate up`", missing.join(", "))]
    Behind {
        /// Missing migrations in order.
        missing: Vec<String>,
    },
    /// The database has migrations of a newer binary.
    #[error(
        "the database has {}, which this binary (version {binary}) does not know; use the newer binary that applied it",
        unknown.join(", ")
    )]
    Ahead {
        /// Migrations in the journal without a file.
        unknown: Vec<String>,
        /// Version of this binary.
        binary: &'static str,
    },
    /// A file changed after it was applied.
    #[error(
        "migration {migration} was changed after it was applied (journal {applied}, file {file}); restore the file and put the change into a new migration"
    )]
    Drift {
        /// The migration.
        migration: String,
        /// SHA-256 in the journal, in hexadecimal.
        applied: String,
        /// SHA-256 of the file, in hexadecimal.
        file: String,
    },
    /// Another run holds the lock. Its holder is absent if the engine does not return it.
    #[error(
        "{} holds the migration lock; wait for it, or run `tintero migrate unlock` if that process is dead",
        .0.as_ref().map_or_else(|| "another run".to_owned(), ToString::to_string)
    )]
    Locked(Option<LockHolder>),
    /// The lease of this run ended, or another run released its lock.
    #[error(
        "the migration lock was lost{}; run `tintero migrate status` and then `tintero migrate up` again",
        .0.as_ref().map_or_else(String::new, |holder| format!(" to {holder}"))
    )]
    LockLost(Option<LockHolder>),
    /// A live table contradicts its declaration.
    #[error(
        "cannot {step}: {}; change the table as declared, or delete it, and run `tintero migrate up` again",
        .differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    Different {
        /// The step in words.
        step: String,
        /// The differences.
        differences: Vec<Difference>,
    },
    /// A table or index is in a status that it does not leave without an operator.
    #[error(
        "{name} is in status {status}; resolve that in DynamoDB and run `tintero migrate up` again"
    )]
    Stuck {
        /// The table or index.
        name: String,
        /// Its status in DynamoDB.
        status: String,
    },
    /// A journal entry is invalid.
    #[error(
        "the journal entry {entry} cannot be read; restore the table from a backup or correct the item"
    )]
    Journal {
        /// Sort key of the entry.
        entry: String,
        /// Error of the decoder.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A request to the database failed.
    #[error(
        "cannot {action}; check endpoint, credentials, permissions and free disk space, then try again"
    )]
    Database {
        /// The action in words.
        action: String,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl MigrationError {
    pub(super) fn database(
        action: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self::Database {
            action: action.into(),
            source: source.into(),
        }
    }

    /// The message with every cause, for the journal and the log.
    pub(super) fn chain(&self) -> String {
        let causes = std::iter::successors(self.source(), |&error| error.source());
        causes.fold(self.to_string(), |text, error| format!("{text}: {error}"))
    }
}
