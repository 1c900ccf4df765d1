//! Dependencies that each crate declares in its `Cargo.toml`.

use std::{collections::BTreeSet, fs, path::Path};

use toml::{Table, Value};

use crate::dependencies::root;

/// A crate of the workspace.
pub(super) struct Manifest {
    /// Name of the package.
    pub(super) name: String,
    /// Direct dependencies, without dev-dependencies.
    pub(super) dependencies: BTreeSet<String>,
}

/// Every crate of the workspace.
pub(super) fn manifests() -> Vec<Manifest> {
    tables().iter().map(read).collect()
}

/// The crate named `name`.
pub(super) fn manifest(name: &str) -> Manifest {
    read(&table(name))
}

/// Direct dependencies and dev-dependencies of the crate named `name`.
pub(super) fn with_tests(name: &str) -> BTreeSet<String> {
    let table = table(name);
    let mut names = read(&table).dependencies;
    names.extend(packages(&table, "dev-dependencies"));
    names
}

fn read(table: &Table) -> Manifest {
    let mut dependencies: BTreeSet<_> = packages(table, "dependencies").collect();
    let targets = table.get("target").and_then(Value::as_table);
    for target in targets.into_iter().flat_map(Table::values) {
        dependencies.extend(
            target
                .as_table()
                .into_iter()
                .flat_map(|table| packages(table, "dependencies")),
        );
    }
    Manifest {
        name: name(table).to_owned(),
        dependencies,
    }
}

/// Package names in one section. The `package` key overrides a renamed dependency.
fn packages<'a>(table: &'a Table, section: &str) -> impl Iterator<Item = String> + use<'a> {
    let section = table.get(section).and_then(Value::as_table);
    section.into_iter().flatten().map(|(key, value)| {
        let renamed = value.get("package").and_then(Value::as_str);
        renamed.unwrap_or(key).to_owned()
    })
}

fn name(table: &Table) -> &str {
    table["package"]["name"]
        .as_str()
        .expect("a package has a name")
}

fn table(name_of: &str) -> Table {
    let mut tables = tables().into_iter();
    tables
        .find(|table| name(table) == name_of)
        .expect("the crate is in the workspace")
}

fn tables() -> Vec<Table> {
    let crates = fs::read_dir(root().join("crates")).expect("crates/ exists");
    let folders = crates.map(|entry| entry.expect("the folder can be read").path());
    folders
        .chain([root().join("tests")])
        .filter(|folder| folder.is_dir())
        .map(|folder| parse(&folder.join("Cargo.toml")))
        .collect()
}

fn parse(path: &Path) -> Table {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
