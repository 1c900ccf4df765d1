use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer};

use super::StreamView;

/// What is true of one table, as text that a person can compare too.
///
/// The declared and the live table are both reduced to this, so that there is one comparison.
pub(super) type Facts = BTreeMap<Aspect, String>;

pub(super) const ON: &str = "on";
pub(super) const OFF: &str = "off";
pub(super) const NOT_SUPPORTED: &str = "not supported by this engine";
const MISSING: &str = "missing";

/// A side of a table that a migration decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Whether the table is there at all.
    Existence,
    /// Partition and sort key.
    Key,
    /// On demand or provisioned.
    Billing,
    /// The index of this name.
    Index(String),
    /// What the stream carries, if there is one.
    Stream,
    /// The attribute by which items expire.
    TimeToLive,
    /// Whether the table refuses to be deleted.
    DeletionProtection,
    /// Whether continuous backups are kept.
    PointInTimeRecovery,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Existence => f.write_str("the table"),
            Self::Key => f.write_str("key"),
            Self::Billing => f.write_str("billing"),
            Self::Index(name) => write!(f, "index {name}"),
            Self::Stream => f.write_str("stream"),
            Self::TimeToLive => f.write_str("time to live"),
            Self::DeletionProtection => f.write_str("deletion protection"),
            Self::PointInTimeRecovery => f.write_str("point-in-time recovery"),
        }
    }
}

impl Serialize for Aspect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One side of one table that is not as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Full name of the table.
    pub table: String,
    /// The side that differs.
    pub aspect: Aspect,
    /// As declared.
    pub expected: String,
    /// As it is.
    pub found: String,
}

impl Difference {
    /// What is left to say where the whole table is missing.
    pub(super) fn no_table(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            aspect: Aspect::Existence,
            expected: "present".to_owned(),
            found: MISSING.to_owned(),
        }
    }

    /// Whether a step gets from `found` to `expected` without undoing anything first.
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
        write!(f, "{table}: {aspect} should be {expected} but is {found}")
    }
}

/// The outcome of holding a live table against its declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// What has to be repaired.
    pub differences: Vec<Difference>,
    /// What was declared but this engine cannot do.
    pub not_supported: Vec<Difference>,
}

impl Verification {
    /// Whether everything that the engine can do is as declared.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    pub(super) fn no_table(table: &str) -> Self {
        Self {
            differences: vec![Difference::no_table(table)],
            not_supported: Vec::new(),
        }
    }

    /// Compares every declared aspect, and indexes in both directions where `whole` is set.
    pub(super) fn of(table: &str, expected: &Facts, live: &Facts, whole: bool) -> Self {
        let mut outcome = Self::default();
        for (aspect, wanted) in expected {
            let found = live.get(aspect).map_or(MISSING, String::as_str);
            outcome.note(table, aspect, wanted, found);
        }
        let surplus = live.iter().filter(|(aspect, _)| {
            whole && matches!(aspect, Aspect::Index(_)) && !expected.contains_key(aspect)
        });
        for (aspect, found) in surplus {
            outcome.note(table, aspect, "absent", found);
        }
        outcome
    }

    fn note(&mut self, table: &str, aspect: &Aspect, expected: &str, found: &str) {
        // An engine that cannot do a thing has it switched off.
        if found == expected || (found == NOT_SUPPORTED && expected == OFF) {
            return;
        }
        let list = if found == NOT_SUPPORTED {
            &mut self.not_supported
        } else {
            &mut self.differences
        };
        list.push(Difference {
            table: table.to_owned(),
            aspect: aspect.clone(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
    }
}

impl Extend<Verification> for Verification {
    fn extend<T: IntoIterator<Item = Verification>>(&mut self, parts: T) {
        for part in parts {
            self.differences.extend(part.differences);
            self.not_supported.extend(part.not_supported);
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            writeln!(f, "Every table is as declared.")?;
        }
        for difference in self.differences.iter().chain(&self.not_supported) {
            writeln!(f, "{difference}")?;
        }
        Ok(())
    }
}

/// Key attributes with DynamoDB's letter for their type, partition key first.
pub(super) fn key_fact(attributes: &[(&str, &str)]) -> String {
    let written: Vec<_> = attributes
        .iter()
        .map(|(name, kind)| format!("{name} ({kind})"))
        .collect();
    written.join(", ")
}

pub(super) fn index_fact(key: &str, projection: &str) -> String {
    format!("{key}, projection {projection}")
}

pub(super) fn stream_fact(view: StreamView) -> String {
    match view {
        StreamView::KeysOnly => "KEYS_ONLY",
        StreamView::NewImage => "NEW_IMAGE",
        StreamView::OldImage => "OLD_IMAGE",
        StreamView::NewAndOldImages => "NEW_AND_OLD_IMAGES",
    }
    .to_owned()
}
