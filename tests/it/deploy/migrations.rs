//! The tables that the files in `migrations/` declare together.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;

use crate::dependencies::root;

/// What a template must state about a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableShape {
    /// Partition and sort key by the name of the index.
    pub(super) indexes: BTreeMap<String, (String, String)>,
    pub(super) ttl: Option<String>,
    pub(super) stream: Option<String>,
    pub(super) point_in_time_recovery: bool,
    pub(super) deletion_protection: bool,
}

#[derive(Deserialize)]
struct MigrationFile {
    #[serde(default)]
    create: Vec<TableChanges>,
    #[serde(default)]
    alter: Vec<TableChanges>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableChanges {
    table: String,
    #[serde(default)]
    index: Vec<DeclaredIndex>,
    ttl: Option<String>,
    stream: Option<String>,
    point_in_time_recovery: Option<bool>,
    deletion_protection: Option<bool>,
}

#[derive(Deserialize)]
struct DeclaredIndex {
    name: String,
    hash: String,
    range: String,
}

/// Tables by name without the prefix. The journal of the migrations is declared in code.
pub(super) fn declared_tables() -> BTreeMap<String, TableShape> {
    let journal = TableShape {
        deletion_protection: true,
        ..TableShape::default()
    };
    let mut tables = BTreeMap::from([("schema_migrations".to_owned(), journal)]);
    for path in files() {
        let text = fs::read_to_string(&path).expect("a migration is text");
        let file: MigrationFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for change in file.create.into_iter().chain(file.alter) {
            tables
                .entry(change.table.clone())
                .or_default()
                .apply(change);
        }
    }
    tables
}

impl TableShape {
    fn apply(&mut self, change: TableChanges) {
        let indexes = change.index.into_iter();
        self.indexes
            .extend(indexes.map(|it| (it.name, (it.hash, it.range))));
        self.ttl = change.ttl.or(self.ttl.take());
        self.stream = change
            .stream
            .map(|view| view.to_uppercase())
            .or(self.stream.take());
        if let Some(on) = change.point_in_time_recovery {
            self.point_in_time_recovery = on;
        }
        if let Some(on) = change.deletion_protection {
            self.deletion_protection = on;
        }
    }
}

/// The files in the order of their numbers.
fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("migrations")).expect("migrations/ exists");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    files
}
