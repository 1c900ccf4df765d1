use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// The properties of a table as text. Declared and live tables are compared in this form.
pub(super) type TableFacts = BTreeMap<Aspect, String>;

pub(super) const ON: &str = "on";
pub(super) const OFF: &str = "off";
pub(super) const NOT_SUPPORTED: &str = "not supported by this engine";
const MISSING: &str = "missing";

/// A property of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    KeySchema,
    Billing,
    Index(String),
    Setting(TableSetting),
}

/// A property that is off in a table whose declaration does not mention it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TableSetting {
    /// Content of stream records.
    Stream,
    /// The attribute with the expiry in epoch seconds.
    TimeToLive,
    DeletionProtection,
    PointInTimeRecovery,
}

impl TableSetting {
    pub(super) const ALL: [Self; 4] = [
        Self::Stream,
        Self::TimeToLive,
        Self::DeletionProtection,
        Self::PointInTimeRecovery,
    ];
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySchema => f.write_str("key"),
            Self::Billing => f.write_str("billing"),
            Self::Index(name) => write!(f, "index {name}"),
            Self::Setting(setting) => setting.fmt(f),
        }
    }
}

impl fmt::Display for TableSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stream => "stream",
            Self::TimeToLive => "time to live",
            Self::DeletionProtection => "deletion protection",
            Self::PointInTimeRecovery => "point-in-time recovery",
        })
    }
}

/// A property of a live table that differs from its declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Full name of the table.
    pub table: String,
    /// The property in words, such as `index by_owner`.
    pub aspect: String,
    /// Declared value.
    pub expected: String,
    /// Live value.
    pub found: String,
}

impl Difference {
    pub(super) fn no_table(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            aspect: "the table".to_owned(),
            expected: "present".to_owned(),
            found: MISSING.to_owned(),
        }
    }

    /// Whether a step can change `found` to `expected` without a removal.
    pub(super) fn is_addition(&self) -> bool {
        self.found == MISSING || self.found == OFF || self.expected == OFF
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            aspect,
            expected,
            found,
        } = self;
        write!(f, "{table}: {aspect} must be {expected} but is {found}")
    }
}

/// The result of comparing live tables with their declarations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Differences to repair.
    pub differences: Vec<Difference>,
    /// Declared properties that this engine does not support.
    pub not_supported: Vec<Difference>,
}

impl Verification {
    /// Whether every table matches its declaration, as far as the engine supports it.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    /// Adds the differences of one table. If `expected` describes a whole table, an undeclared
    /// index is a difference too.
    pub(super) fn compare(&mut self, table: &str, expected: &TableFacts, live: &TableFacts) {
        let declared = expected.iter().map(|(aspect, wanted)| {
            let found = live.get(aspect).map_or(MISSING, String::as_str);
            (aspect, wanted.as_str(), found)
        });
        let is_whole = expected.contains_key(&Aspect::KeySchema);
        let undeclared = live.iter().filter(|(aspect, _)| {
            is_whole && matches!(aspect, Aspect::Index(_)) && !expected.contains_key(aspect)
        });
        let undeclared = undeclared.map(|(aspect, found)| (aspect, "absent", found.as_str()));
        for (aspect, expected, found) in declared.chain(undeclared) {
            let list = match (expected, found) {
                _ if found == expected => continue,
                (OFF, NOT_SUPPORTED) => continue,
                (_, NOT_SUPPORTED) => &mut self.not_supported,
                _ => &mut self.differences,
            };
            list.push(Difference {
                table: table.to_owned(),
                aspect: aspect.to_string(),
                expected: expected.to_owned(),
                found: found.to_owned(),
            });
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            writeln!(f, "Every table is as declared.")?;
        }
        let mut all = self.differences.iter().chain(&self.not_supported);
        all.try_for_each(|difference| writeln!(f, "{difference}"))
    }
}

/// Key attributes with DynamoDB's letter for their type, partition key first.
pub(super) fn key_fact(attributes: &[(&str, &str)]) -> String {
    let parts: Vec<_> = attributes
        .iter()
        .map(|(name, kind)| format!("{name} ({kind})"))
        .collect();
    parts.join(", ")
}

pub(super) fn switch(on: bool) -> String {
    if on { ON } else { OFF }.to_owned()
}

pub(super) fn index_fact(key: &str, projection: &str) -> String {
    format!("{key}, projection {projection}")
}
