use std::fmt;

use serde::Serialize;

use super::{
    Index, StreamView,
    facts::{Aspect, Facts, OFF, ON, index_fact, key_fact, stream_fact},
    keys::{PK, SK},
};

/// One change of the database that can be asked for, looked at, and asked for again.
///
/// Tables are named without the prefix. A step says only what shall be true after it, so that a
/// run which died between a request and the journal finds its own traces and goes on. Backfills,
/// which rewrite items instead of tables, will be one more variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Make a table with keys `pk` and `sk`, on demand, with its first indexes.
    CreateTable {
        /// The aggregate whose table it is.
        table: String,
        /// Indexes that come with it.
        indexes: Vec<Index>,
    },
    /// Add an index to a table that may hold items.
    AddIndex {
        /// The aggregate whose table it is.
        table: String,
        /// The index.
        index: Index,
    },
    /// Let items expire.
    SetTtl {
        /// The aggregate whose table it is.
        table: String,
        /// Attribute with the moment in epoch seconds.
        attribute: String,
    },
    /// Publish changes of items.
    SetStream {
        /// The aggregate whose table it is.
        table: String,
        /// What the stream carries.
        view: StreamView,
    },
    /// Keep continuous backups, or stop keeping them.
    SetPointInTimeRecovery {
        /// The aggregate whose table it is.
        table: String,
        /// Wanted state.
        on: bool,
    },
    /// Refuse the deletion of the table, or allow it.
    SetDeletionProtection {
        /// The aggregate whose table it is.
        table: String,
        /// Wanted state.
        on: bool,
    },
}

/// The request that tells whether a step has been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Table,
    TimeToLive,
    Backups,
}

impl Step {
    /// The aggregate whose table the step changes.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::CreateTable { table, .. }
            | Self::AddIndex { table, .. }
            | Self::SetTtl { table, .. }
            | Self::SetStream { table, .. }
            | Self::SetPointInTimeRecovery { table, .. }
            | Self::SetDeletionProtection { table, .. } => table,
        }
    }

    pub(super) fn source(&self) -> Source {
        match self {
            Self::SetTtl { .. } => Source::TimeToLive,
            Self::SetPointInTimeRecovery { .. } => Source::Backups,
            Self::CreateTable { .. }
            | Self::AddIndex { .. }
            | Self::SetStream { .. }
            | Self::SetDeletionProtection { .. } => Source::Table,
        }
    }

    /// The step in words, on the table with the full name `table`.
    pub(super) fn words(&self, table: &str) -> String {
        match self {
            Self::CreateTable { indexes, .. } if indexes.is_empty() => {
                format!("create table {table}")
            }
            Self::CreateTable { indexes, .. } => {
                let names: Vec<_> = indexes.iter().map(|index| index.name.as_str()).collect();
                format!("create table {table} with indexes {}", names.join(", "))
            }
            Self::AddIndex {
                index: Index { name, hash, range },
                ..
            } => {
                format!("add index {name} ({hash}, {range}) to table {table}")
            }
            Self::SetTtl { attribute, .. } => {
                format!("let items of table {table} expire by attribute {attribute}")
            }
            Self::SetStream { view, .. } => {
                format!(
                    "switch on the stream ({}) of table {table}",
                    stream_fact(*view)
                )
            }
            Self::SetPointInTimeRecovery { on, .. } => {
                format!(
                    "switch {} point-in-time recovery of table {table}",
                    switch(*on)
                )
            }
            Self::SetDeletionProtection { on, .. } => {
                format!(
                    "switch {} deletion protection of table {table}",
                    switch(*on)
                )
            }
        }
    }

    /// What is true of the table once the step is done.
    pub(super) fn facts(&self) -> Facts {
        match self {
            Self::CreateTable { indexes, .. } => {
                let own = [
                    (Aspect::Key, key_fact(&[(PK, "S"), (SK, "S")])),
                    (Aspect::Billing, "on demand".to_owned()),
                ];
                own.into_iter()
                    .chain(indexes.iter().map(declared))
                    .collect()
            }
            Self::AddIndex { index, .. } => Facts::from([declared(index)]),
            Self::SetTtl { attribute, .. } => {
                Facts::from([(Aspect::TimeToLive, attribute.clone())])
            }
            Self::SetStream { view, .. } => Facts::from([(Aspect::Stream, stream_fact(*view))]),
            Self::SetPointInTimeRecovery { on, .. } => {
                Facts::from([(Aspect::PointInTimeRecovery, switch(*on))])
            }
            Self::SetDeletionProtection { on, .. } => {
                Facts::from([(Aspect::DeletionProtection, switch(*on))])
            }
        }
    }
}

/// The step in words, with the table's name before the prefix.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(self.table()))
    }
}

fn declared(index: &Index) -> (Aspect, String) {
    (
        Aspect::Index(index.name.clone()),
        index_fact(&key_fact(&[(&index.hash, "S"), (&index.range, "S")]), "ALL"),
    )
}

fn switch(on: bool) -> String {
    if on { ON } else { OFF }.to_owned()
}
