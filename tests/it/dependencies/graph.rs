//! The resolved dependency graph, from `cargo metadata`.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

use super::root;

/// Packages and their dependencies on this host. Packages for other platforms may not be downloaded.
pub(crate) struct Graph {
    metadata: Value,
}

impl Graph {
    pub(crate) fn of_this_host() -> Self {
        let cargo = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--offline", "--locked"])
            .args(["--filter-platform", &host()])
            .current_dir(root())
            .output()
            .expect("cargo is installed");
        assert!(
            cargo.status.success(),
            "{}",
            String::from_utf8_lossy(&cargo.stderr)
        );
        Self {
            metadata: serde_json::from_slice(&cargo.stdout).expect("cargo prints JSON"),
        }
    }

    /// Name and licence of every package outside the workspace.
    pub(super) fn licences(&self) -> impl Iterator<Item = (&str, &str)> {
        let packages = self
            .packages()
            .filter(|package| !package["source"].is_null());
        packages.map(|package| (text(&package["name"]), text(&package["license"])))
    }

    /// Names of all direct and transitive dependencies of `name`.
    pub(crate) fn below(&self, name: &str) -> BTreeSet<&str> {
        let names: BTreeMap<_, _> = self
            .packages()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let nodes = array(&self.metadata["resolve"]["nodes"]);
        let edges: BTreeMap<_, _> = nodes
            .map(|node| (text(&node["id"]), run_time_dependencies(node)))
            .collect();
        let mut ahead: Vec<_> = names
            .iter()
            .filter(|(_, of)| **of == name)
            .map(|(id, _)| *id)
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = ahead.pop() {
            ahead.extend(edges[id].iter().filter(|below| seen.insert(**below)));
        }
        seen.into_iter().map(|id| names[id]).collect()
    }

    fn packages(&self) -> impl Iterator<Item = &Value> {
        array(&self.metadata["packages"])
    }
}

/// Run-time dependencies of a node, without those of tests and build scripts.
fn run_time_dependencies(node: &Value) -> Vec<&str> {
    array(&node["deps"])
        .filter(|edge| array(&edge["dep_kinds"]).any(|kind| kind["kind"].is_null()))
        .map(|edge| text(&edge["pkg"]))
        .collect()
}

/// Target triple of this machine.
fn host() -> String {
    let rustc = Command::new("rustc")
        .arg("-vV")
        .current_dir(root())
        .output()
        .expect("rustc is installed");
    let facts = String::from_utf8_lossy(&rustc.stdout);
    let host = facts.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc -vV prints the host").to_owned()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
