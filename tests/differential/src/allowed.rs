//! The table of known differences, `differences.toml`.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Deserializer};

use crate::compare::Difference;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    difference: Vec<AllowedDifference>,
}

/// A known difference. Each pattern must match the whole text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowedDifference {
    /// Names of the sides.
    side: Pattern,
    operation: Pattern,
    path: Pattern,
    ours: Pattern,
    theirs: Pattern,
    /// Why the difference is right or harmless.
    reason: String,
    #[serde(skip)]
    uses: Cell<usize>,
}

#[derive(Debug)]
struct Pattern(Regex);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let whole = Regex::new(&format!("^(?s:{text})$"));
        whole.map(Self).map_err(serde::de::Error::custom)
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// The known differences.
pub(crate) struct Allowed(Vec<AllowedDifference>);

impl Allowed {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let table: Table =
            toml::from_str(&text).with_context(|| format!("{} is invalid", file.display()))?;
        Ok(Self(table.difference))
    }

    /// Whether the table contains the difference. Counts its use.
    pub(crate) fn contains(&self, side: &str, operation: &str, found: &Difference) -> bool {
        let entry = self.0.iter().find(|entry| {
            entry.side.matches(side)
                && entry.operation.matches(operation)
                && entry.path.matches(&found.path)
                && entry.ours.matches(&found.ours)
                && entry.theirs.matches(&found.theirs)
        });
        entry
            .inspect(|entry| entry.uses.set(entry.uses.get() + 1))
            .is_some()
    }

    /// Returns the reasons of the entries for one of `sides` that no answer needed.
    pub(crate) fn unused(&self, sides: &[&str]) -> Vec<&str> {
        let unused = self.0.iter().filter(|entry| {
            entry.uses.get() == 0 && sides.iter().any(|side| entry.side.matches(side))
        });
        unused.map(|entry| entry.reason.as_str()).collect()
    }
}
