//! Checks the dependencies against `deny.toml`.
//!
//! cargo-deny reads the same file and also queries the advisory database. These tests cover the
//! rules that need no network, so that contributors do not have to install cargo-deny.

pub(crate) mod graph;
mod policy;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use graph::Graph;
use policy::Policy;

/// The root folder of the project.
pub(crate) fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests folder has a parent")
}

#[test]
fn every_licence_is_allowed() {
    let policy = Policy::read();
    let strays: Vec<_> = Graph::of_this_host()
        .licences()
        .filter(|(name, licence)| !policy.allows(name, licence))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert!(
        strays.is_empty(),
        "not allowed by deny.toml:\n{}",
        strays.join("\n")
    );
}

#[test]
fn a_crate_has_one_version_unless_deny_toml_gives_a_reason() {
    let policy = Policy::read();
    let skipped: BTreeSet<_> = policy.skipped().collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for locked in policy::lock() {
        versions
            .entry(locked.name)
            .or_default()
            .push(locked.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut needed = BTreeSet::new();
    for (name, versions) in &versions {
        let (old, kept): (Vec<_>, Vec<_>) = versions
            .iter()
            .map(|version| format!("{name}@{version}"))
            .partition(|id| skipped.contains(id));
        assert_eq!(
            kept.len(),
            1,
            "several versions: {kept:?}; skip all but one in deny.toml"
        );
        needed.extend(old);
    }
    let idle: Vec<_> = skipped.difference(&needed).collect();
    assert!(
        idle.is_empty(),
        "deny.toml skips versions that are no longer duplicates: {idle:?}"
    );
}

#[test]
fn no_banned_crate_is_built() {
    let banned: BTreeSet<_> = Policy::read().banned().collect();
    assert!(!banned.is_empty());
    for locked in policy::lock() {
        assert!(
            !banned.contains(&locked.name),
            "{} is banned by deny.toml",
            locked.name
        );
    }
}

#[test]
fn dependencies_come_from_allowed_registries() {
    let registries: BTreeSet<_> = Policy::read().registries().collect();
    for locked in policy::lock() {
        let Some(source) = locked.source else {
            continue;
        };
        let registry = source.strip_prefix("registry+").unwrap_or(&source);
        assert!(
            registries.contains(registry),
            "{} comes from {source}",
            locked.name
        );
    }
}
