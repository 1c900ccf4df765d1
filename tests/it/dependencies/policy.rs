//! Reads `deny.toml` and `Cargo.lock`.

use std::fs;

use spdx::{Expression, LicenseReq, ParseMode};
use toml::{Table, Value};

use super::root;

/// Contents of `deny.toml`.
pub(super) struct Policy(Table);

/// A package of `Cargo.lock`.
pub(super) struct Locked {
    pub(super) name: String,
    pub(super) version: String,
    /// Registry of the package. Workspace crates have none.
    pub(super) source: Option<String>,
}

impl Policy {
    pub(super) fn read() -> Self {
        Self(table("deny.toml"))
    }

    /// Whether at least one choice of the licence expression is allowed for the crate.
    pub(super) fn allows(&self, name: &str, licence: &str) -> bool {
        let Ok(licence) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return false;
        };
        let licenses = &self.0["licenses"];
        let exceptions =
            entries(&licenses["exceptions"]).filter(|entry| text(entry, "crate") == name);
        let allowed: Vec<_> = exceptions
            .flat_map(|entry| strings(&entry["allow"]))
            .chain(strings(&licenses["allow"]))
            .collect();
        licence.evaluate(|wanted: &LicenseReq| allowed.contains(&wanted.to_string()))
    }

    /// Duplicate versions that are accepted, as `name@version`. Each must have a reason.
    pub(super) fn skipped(&self) -> impl Iterator<Item = String> {
        entries(&self.0["bans"]["skip"]).map(reasoned)
    }

    /// Names of banned crates. Each must have a reason.
    pub(super) fn banned(&self) -> impl Iterator<Item = String> {
        entries(&self.0["bans"]["deny"]).map(reasoned)
    }

    /// URLs of allowed registries.
    pub(super) fn registries(&self) -> impl Iterator<Item = String> {
        strings(&self.0["sources"]["allow-registry"])
    }
}

/// All packages in `Cargo.lock`.
pub(super) fn lock() -> Vec<Locked> {
    let lock = table("Cargo.lock");
    let packages = entries(&lock["package"]);
    packages
        .map(|package| Locked {
            name: text(package, "name"),
            version: text(package, "version"),
            source: package
                .get("source")
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
        .collect()
}

fn reasoned(entry: &Table) -> String {
    let id = text(entry, "crate");
    assert!(
        !text(entry, "reason").is_empty(),
        "deny.toml gives no reason for {id}"
    );
    id
}

fn table(file: &str) -> Table {
    let text = fs::read_to_string(root().join(file)).expect("the file is in the root folder");
    text.parse()
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn entries(value: &Value) -> impl Iterator<Item = &Table> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_table)
}

fn strings(value: &Value) -> impl Iterator<Item = String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
}

fn text(entry: &Table, key: &str) -> String {
    entry
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
