use std::error::Error;

use aws_sdk_dynamodb::error::SdkError;

use super::{Difference, Holder};

/// Why a migration, or the check before serving, did not succeed; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A file cannot be understood or contradicts the files before it.
    #[error("migration file {file} cannot be used: {reason}; correct the file")]
    File {
        /// Name of the file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database has not had every migration that this binary needs.
    #[error("the database lacks {}; run `tintero migrate up`", missing.join(", "))]
    Behind {
        /// Migrations that are not done, in their order.
        missing: Vec<String>,
    },
    /// The database has had migrations of a newer binary.
    #[error(
        "the database has {}, which this binary (version {binary}) does not know; use the newer binary that applied it",
        unknown.join(", ")
    )]
    Ahead {
        /// Migrations of the journal that no file describes.
        unknown: Vec<String>,
        /// Version of this binary.
        binary: &'static str,
    },
    /// A file was edited after it had been applied.
    #[error(
        "migration {migration} was changed after it was applied (journal {applied}, file {file}); restore the file and put the change into a new migration"
    )]
    Drift {
        /// The migration.
        migration: String,
        /// SHA-256 that the journal remembers, in hexadecimal.
        applied: String,
        /// SHA-256 of the file now, in hexadecimal.
        file: String,
    },
    /// Somebody else is migrating: who, if the engine says it.
    #[error(
        "{} holds the migration lock; wait for it, or run `tintero migrate unlock` if that process is dead",
        who(.0.as_ref())
    )]
    Locked(Option<Holder>),
    /// The lock expired under this run or was broken; whoever has it now does the work.
    #[error("the migration lock was lost{}; run `tintero migrate status` and then `tintero migrate up` again", to(.0.as_ref()))]
    LockLost(Option<Holder>),
    /// Something exists already, in another shape than the migration declares.
    #[error("cannot {step}: {}; make the table as declared, or remove it, and run `tintero migrate up` again", sentences(.differences))]
    Different {
        /// The step, in words.
        step: String,
        /// What differs.
        differences: Vec<Difference>,
    },
    /// A table or index is in a state that it does not leave by itself.
    #[error(
        "{what} is in status {status}; resolve that in DynamoDB and run `tintero migrate up` again"
    )]
    Stuck {
        /// The table or index.
        what: String,
        /// DynamoDB's word for its state.
        status: String,
    },
    /// The journal holds something that this code did not write.
    #[error(
        "the journal entry {entry} cannot be read; restore the table from a backup or correct the item"
    )]
    Journal {
        /// Sort key of the entry.
        entry: String,
        /// What the decoder says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The database refused or did not answer.
    #[error(
        "cannot {doing}; check endpoint, credentials, permissions and free disk space, then try again"
    )]
    Database {
        /// What was tried, in words.
        doing: String,
        /// What came back.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl MigrationError {
    pub(super) fn database<E>(doing: impl Into<String>, source: SdkError<E>) -> Self
    where
        E: Error + Send + Sync + 'static,
    {
        Self::Database {
            doing: doing.into(),
            source: source.into(),
        }
    }

    /// The message with every cause, for the journal.
    pub(super) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

fn who(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another run".to_owned(), ToString::to_string)
}

fn to(holder: Option<&Holder>) -> String {
    holder.map_or_else(String::new, |holder| format!(" to {holder}"))
}

fn sentences(differences: &[Difference]) -> String {
    differences
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
